package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.wait.DisconnectActions;
import dev.ipcchannel.internal.wait.Watcher;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A watch for the end of a channel's receiver, which runs actions. The kernel reports the end on
/// the announcement socket, whether there is a lane or not. If there is a lane, it has to be over
/// as well: all senders of the channel have the announcement socket, and each of them can end it
/// for the others, whose lanes go on.
///
/// Nothing is watched before the first action. Used inside the outbox's turn; the watcher calls
/// [#onSignal] and [#laneIsOver].
final class ReceiverWatch implements Watcher.Watched {

    private final DisconnectActions actions = new DisconnectActions();
    private @Nullable Long watch; // while it watches
    private volatile boolean isAnnouncementOver;
    private volatile BooleanSupplier isLaneOver = ReceiverWatch::noneGoesOn;

    void add(Descriptor announcement, BooleanSupplier isEnded, Runnable action) {
        actions.add(isEnded, action);
        if (watch == null) {
            watch = Watcher.instance().watch(announcement, Epoll.Interest.BOTH_ENDS, this);
        }
    }

    /// Notes that a lane is about to be announced: until it is open, or could not be opened, it
    /// counts as going on.
    void laneOpens() {
        isLaneOver = () -> false;
    }

    /// Notes that the lane is open, or could not be opened.
    ///
    /// @param isOver whether it has ended; null if there is none
    void laneIsOpen(@Nullable BooleanSupplier isOver) {
        isLaneOver = isOver == null ? ReceiverWatch::noneGoesOn : isOver;
        look();
    }

    /// Notes that the lane's receiver is gone, or has ended it.
    void laneIsOver() {
        look();
    }

    @Override
    public void onSignal(boolean isEnd) {
        isAnnouncementOver = true;
        look();
    }

    private static boolean noneGoesOn() {
        return true;
    }

    /// Each of the two ends is noted before this look, so the later look sees both.
    private void look() {
        if (isAnnouncementOver && isLaneOver.getAsBoolean()) {
            actions.run();
        }
    }

    /// Stops watching. Called before the close of the socket.
    void close(Descriptor announcement) {
        Long current = watch;
        if (current != null) {
            watch = null;
            Watcher.instance().unwatch(announcement, current);
        }
    }
}
