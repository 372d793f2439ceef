package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Group;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A child that sends long messages to many receivers at its cue, first with a short timeout, and
/// prints the result of each: its number or the failure, and how many receivers got it.
public final class CrowdedGroupChild {

    /// Printed when it can take its cue.
    public static final String READY = "ready";

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");
    private static final Duration LITTLE = Duration.ofMillis(100);
    private static final Duration MUCH = Duration.ofSeconds(20);
    private static final int LONG = 100_000;

    private final Group group = new Group(SETTINGS, Group.Unreceived.FAIL);
    private final List<Ends> receivers = new ArrayList<>();

    private CrowdedGroupChild() {}

    public static void main(String[] arguments)
            throws ClassNotFoundException, IOException, InterruptedException {
        Talker.loadLibrary();
        CrowdedGroupChild child = new CrowdedGroupChild();
        child.join();
        child.join();
        child.send(0, 8, MUCH); // makes their lanes, and no file
        System.out.println(READY);
        Talker.awaitCue();
        child.send(1, LONG, LITTLE);
        child.join(); // whose lane cannot be made
        child.send(2, 8, LITTLE);
        child.send(3, LONG, MUCH);
        child.group.end("closed");
        child.receivers.forEach(Ends::close);
    }

    private void join() {
        Ends ends = Ends.open(SETTINGS);
        receivers.add(ends);
        boolean _ = group.join(ends.share());
    }

    private void send(int number, int length, Duration patience) throws InterruptedException {
        String outcome;
        try {
            outcome =
                    group.way().send(OutgoingMessage.of(new byte[length], List.of()),
                            Deadline.after(patience))
                                    ? "sent" : "full";
        } catch (LaneException failure) {
            outcome = failure.kind().toString();
        }
        System.out.printf("%d %s %d%n", number, outcome,
                receivers.stream().filter(this::has).count());
    }

    private boolean has(Ends ends) {
        ends.inbox().enter();
        try {
            IncomingMessage found = ends.inbox().tryNext();
            if (found == null) {
                return false;
            }
            Descriptor.closeAll(found.takeDescriptors());
            found.consume();
            return true;
        } finally {
            ends.inbox().exit();
        }
    }
}
