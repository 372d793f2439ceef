package dev.ipcchannel.testing.children;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A program that has two servers serve in a shutdown hook: one that was there before, and one that
/// the hook opens. A third one of the hook's stays open.
public final class LateServer {

    private LateServer() {}

    /// Exits.
    public static void main(String[] arguments) {
        OneShotServer<String> early = OneShotServer.open(String.class);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            serve(early);
            serve(OneShotServer.open(String.class));
            Path directory = Path.of(OneShotServer.open(String.class).name()).resolveSibling("");
            System.out.println(Files.isDirectory(directory));
        }));
    }

    private static void serve(OneShotServer<String> server) {
        ExitFilesChild.awaitTheRoomsHook();
        try (Sender<String> client = OneShotServer.connect(server.name(), String.class)) {
            client.send("served");
            System.out.println(server.accept(Duration.ofMinutes(1)));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
