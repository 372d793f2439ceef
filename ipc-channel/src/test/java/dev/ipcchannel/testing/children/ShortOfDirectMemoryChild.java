package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Group;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.util.List;

/// A child that writes a message in place for two receivers that is longer than its JVM's direct
/// memory, sends another one after it, and prints what each receiver got.
public final class ShortOfDirectMemoryChild {

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 16 << 20, "");
    private static final int LONG = 8 << 20;
    private static final int SHORT = 10;

    private ShortOfDirectMemoryChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Group group = new Group(SETTINGS, Group.Unreceived.FAIL);
        List<Ends> receivers = List.of(Ends.open(SETTINGS), Ends.open(SETTINGS));
        receivers.forEach(ends -> group.join(ends.share()));
        try {
            long _ = group.way().claim(LONG, Deadline.NEVER);
            group.way().commit();
            System.out.println("committed");
        } catch (OutOfMemoryError failure) {
            System.out.println(failure.getMessage());
        }
        System.out.println(
                group.way().send(OutgoingMessage.of(new byte[SHORT], List.of()), Deadline.NEVER));
        for (Ends ends : receivers) {
            for (int length = next(ends); length >= 0; length = next(ends)) {
                System.out.println(length);
            }
        }
        group.end("closed");
        receivers.forEach(Ends::close);
    }

    private static int next(Ends ends) {
        ends.inbox().enter();
        try {
            IncomingMessage found = ends.inbox().tryNext();
            if (found == null) {
                return -1;
            }
            Descriptor.closeAll(found.takeDescriptors());
            int length = found.length();
            found.consume();
            return length;
        } finally {
            ends.inbox().exit();
        }
    }
}
