package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.worker.ChildJvm;
import dev.ipcchannel.worker.ChildLink;
import dev.ipcchannel.worker.Output;
import dev.ipcchannel.worker.Transport;
import java.time.Duration;

/// A child that its parent refuses for its types, says what it hears of that, and stays for an hour;
/// with the arguments `parent` and a transport, that parent, which waits as long for its end.
public final class StubbornChild {

    private static final Duration HOUR = Duration.ofHours(1);

    private StubbornChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            ChildJvm child = ChildJvm.of(StubbornChild.class).grace(HOUR).output(Output.inherit())
                    .transport(arguments[1].equals("shm") ? Transport.shm() : Transport.unix());
            try (ChildLink<Integer, Integer> link = child.start(Integer.class, Integer.class)) {
                System.out.println("it was not refused: " + link);
            }
            return;
        }
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            System.out.println(parent.receive());
        } catch (TypeMismatch | Disconnected | HandshakeFailed refused) {
            System.out.println("ready " + ProcessHandle.current().pid() + " " + refused);
        }
        Thread.sleep(HOUR);
    }
}
