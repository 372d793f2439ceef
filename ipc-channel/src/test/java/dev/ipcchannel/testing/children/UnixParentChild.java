package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A child that is itself a parent: it starts a [UnixEchoChild] or a [UnixBusyChild] whose output
/// goes to a file, prints its pid, and waits to be killed. If so ordered, it first fills the link.
public final class UnixParentChild {

    private UnixParentChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Class<?> main = arguments[0].equals("echo") ? UnixEchoChild.class : UnixBusyChild.class;
        try (ChildLink<String, String> child = ChildJvm.of(main).arguments(arguments)
                .output(Output.toFile(Path.of(arguments[1]))).noClassArchive()
                .transport(Transport.unix()).start(String.class, String.class)) {
            if (arguments[0].equals("fills")) {
                fill(child);
            }
            if (arguments[0].equals("closes")) {
                awaitEnd(child);
            }
            System.out.println(child.process().pid());
            Talker.awaitCue();
        }
    }

    private static void fill(ChildLink<String, String> child) throws InterruptedException {
        String message = "x".repeat(100_000);
        int refusals = 0;
        while (refusals < 100) { // the other side's thread may still be at it
            boolean isFull = child.trySend(message) == SendOutcome.FULL;
            refusals = isFull ? refusals + 1 : 0;
            if (isFull) {
                child.process().process().waitFor(Duration.ofMillis(2));
            }
        }
    }

    private static void awaitEnd(ChildLink<String, String> child) throws InterruptedException {
        try {
            throw new AssertionError("received " + child.receive());
        } catch (Disconnected end) {
            // the child has closed the link, and still runs
        }
    }
}
