package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.wait.DisconnectActions;
import dev.ipcchannel.internal.wait.Watcher;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A wait, for those who asked, until a channel's receiver is gone: the kernel says so on the
/// announcement socket, whether there is a lane or not. Where there is one it has to be over as
/// well: all senders of the channel hold the announcement socket, and each of them can end it for
/// the others, whose lanes go on.
///
/// Nothing is watched until somebody asks. Used inside the outbox's turn; [#onSignal] and
/// [#laneIsOver] come from the watcher.
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

    /// A lane is about to be announced: until it is open, or not, it goes on.
    void laneOpens() {
        isLaneOver = () -> false;
    }

    /// The lane is open, or could not be opened.
    ///
    /// @param isOver whether it has ended; null if there is none
    void laneIsOpen(@Nullable BooleanSupplier isOver) {
        isLaneOver = isOver == null ? ReceiverWatch::noneGoesOn : isOver;
        look();
    }

    /// The lane's receiver is gone, or has ended it.
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

    /// Each of the two is noted before this look, so the later one sees both.
    private void look() {
        if (isAnnouncementOver && isLaneOver.getAsBoolean()) {
            actions.run();
        }
    }

    /// Watches no more. Comes before the close of the socket.
    void close(Descriptor announcement) {
        Long current = watch;
        if (current != null) {
            watch = null;
            Watcher.instance().unwatch(announcement, current);
        }
    }
}
