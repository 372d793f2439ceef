package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A child that echoes, and whose shutdown hook writes a file. If so ordered, it has a child of the
/// same kind, by which it echoes in that hook. Started by hand, it is the parent of such a child
/// and runs until it is killed.
public final class LeftChild {

    /// The text of its hook's file.
    public static final String EXITED = "exited";

    private LeftChild() {}

    /// Echoes.
    ///
    /// @param arguments a folder for files, and how many children there are to be below this one
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int below = Integer.parseInt(arguments[1]);
        if (!ChildJvm.isChild()) {
            ChildLink<String, String> child = start(folder, below - 1);
            child.send("ready");
            System.out.println(child.receive());
            new CountDownLatch(1).await();
        }
        try (var parent = ChildJvm.parent(String.class, String.class)) {
            if (below > 0) {
                beginBelow(folder, below - 1);
            } else {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder, EXITED)));
            }
            while (true) {
                parent.send(parent.receive());
            }
        } catch (Disconnected _) {
            // It is not needed any more.
        }
    }

    private static void beginBelow(Path folder, int below) throws InterruptedException {
        ChildLink<String, String> child = start(folder, below);
        ChildProcess bystander = ChildJvm.ofCommand("sleep", "1000").start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            // The library's hook asks it to end after all others have been notified of the exit.
            ChildProcess _ = bystander.onExit().join();
            try {
                child.send("by a child");
                leave(folder, child.receive());
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
        }));
    }

    private static ChildLink<String, String> start(Path folder, int below)
            throws InterruptedException {
        return ChildJvm.of(LeftChild.class).shortLived().noClassArchive()
                .arguments(folder.toString(), Integer.toString(below))
                .start(String.class, String.class);
    }

    private static void leave(Path folder, String word) {
        try {
            Path _ = Files.createFile(folder.resolve(word));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
