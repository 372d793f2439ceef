package dev.ipcchannel.testing.children;

import dev.ipcchannel.OneShotServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A child that is itself a parent: it starts an [EchoChild] whose output goes to a given file,
/// exchanges a message with it, prints its pid, and waits.
public final class ParentChild {

    private ParentChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            Process child = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData",
                    "-cp", System.getProperty("java.class.path"),
                    EchoChild.class.getName(), server.name())
                    .redirectErrorStream(true).redirectOutput(Path.of(arguments[0]).toFile())
                    .start();
            Talk talk = server.accept(child, Duration.ofSeconds(20));
            talk.toChild().send("hello");
            System.out.println(talk.fromChild().receive() + " " + child.pid());
            Talker.awaitCue();
        }
    }
}
