package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.wait.Sleeper;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A check during a wait for room: whether the other process waits for room as well, in a channel
/// that this process receives from, so that neither will ever go on. It logs a warning; it ends
/// nothing.
///
/// Used by the thread that waits. Two channels are recognised as a pair only if ends of both came
/// from the same process by messages.
final class DeadlockAlarm {

    private static final Duration PATIENCE = Deadline.LONG_WAIT;

    private final LaneSettings settings;
    private final @Nullable Peer peer;
    private boolean hasWarned;
    private Deadline look = Deadline.NOW; // kept for many waits, of which most are short

    DeadlockAlarm(LaneSettings settings, @Nullable Peer peer) {
        this.settings = settings;
        this.peer = peer;
    }

    /// Waits as the sleeper does, and warns in between.
    ///
    /// @return whether the sleeper was woken
    boolean await(Sleeper sleeper, PollSet set, Deadline deadline) throws InterruptedException {
        Peer other = peer;
        if (look.remainingNanos() < PATIENCE.toNanos() / 2) {
            look = Deadline.after(PATIENCE);
        }
        long start = System.nanoTime();
        boolean isFound = sleeper.await(set, deadline.earlier(look));
        if (!isFound && look.isPast() && !deadline.isPast()) { // set by an earlier wait
            Deadline alarm = Deadline.after(PATIENCE.minusNanos(System.nanoTime() - start));
            isFound = sleeper.await(set, deadline.earlier(alarm));
            if (!isFound && other != null && !hasWarned && alarm.isPast() && !deadline.isPast()) {
                warnOf(other);
            }
        }
        if (isFound) {
            hasWarned = false;
        }
        return isFound;
    }

    private void warnOf(Peer other) {
        for (Peer.Inbound receiver : other.receivers()) {
            if (receiver.hasWaitingSender()) {
                hasWarned = true; // once a wait
                Log.warning("deadlock",
                        "this process has waited %d s to send on Sender[%s, pid=%d], "
                                .formatted(PATIENCE.toSeconds(), settings.shownType(), other.pid())
                                + "and the other one waits to send on Receiver[%s, pid=%d]: each "
                                        .formatted(receiver.settings().shownType(), other.pid())
                                + "waits for the other to receive: receive in another thread than "
                                + "the one that sends, or send with a timeout");
            }
        }
    }
}
