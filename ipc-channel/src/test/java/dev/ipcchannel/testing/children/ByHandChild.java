package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.child.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A child that connects to the server of its arguments, waits for a message until the conversation
/// ends, and prints that end. Its hook for the death of a parent would write the file that its
/// second argument names.
public final class ByHandChild {

    private ByHandChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        ChildJvm.onParentDeath(() -> write(Path.of(arguments[1])));
        try (Duplex<String, String> server = Talker.connect(new String[]{arguments[0]})) {
            server.receive();
            System.out.println("ready");
            server.receive();
        } catch (Disconnected end) {
            System.out.println(OrphanChild.DISCONNECTED);
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "orphaned");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
