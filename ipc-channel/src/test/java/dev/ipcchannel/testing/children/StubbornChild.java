package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;

/// A child that its parent refuses, which prints the refusal and runs for an hour. With the
/// arguments `parent` and a transport it is that parent, which refuses the child for its types and
/// waits an hour for its end; with `rings` in place of a transport, it refuses the child for its
/// rings.
public final class StubbornChild {

    private static final Duration HOUR = Duration.ofHours(1);

    private StubbornChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            refuse(arguments[1]);
            return;
        }
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            System.out.println(parent.receive());
        } catch (TypeMismatch | Disconnected | HandshakeFailed refused) {
            System.out.println("ready " + ProcessHandle.current().pid() + " " + refused);
        }
        Thread.sleep(HOUR);
    }

    private static void refuse(String what) throws InterruptedException {
        ChildJvm child = ChildJvm.of(StubbornChild.class).grace(HOUR).output(Output.inherit())
                .transport(what.equals("unix") ? Transport.unix() : Transport.shm());
        boolean isForRings = what.equals("rings");
        Class<?> type = isForRings ? String.class : Integer.class;
        try (ChildLink<?, ?> link = (isForRings
                ? child.jvmOptions("-DIPC_CHANNEL_OPTIONS=capacity=131072") : child)
                .start(type, type)) {
            System.out.println("it was not refused: " + link);
        }
    }
}
