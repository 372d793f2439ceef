package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.function.Consumer;

/// The way into a receiver by name that one connection with one of its counterparts has for itself:
/// an announcement socket, by which that one's lane comes. Garbage in it is its end, and the end of
/// nobody else's.
///
/// It lasts until its lane has come, its counterpart is gone or breaks the format, or the two are
/// parted ([#part]): what was announced by then still comes. A way is not looked at while a former
/// one of the same member, or a lane that came by that, is there: so what that member sent before
/// their connection failed is read before what it sends after they have met again.
///
/// Used inside the guard of its [Inbox], but for [#part] and [#isOver], which are any thread's.
public final class WayIn {

    private final Announcements announcements;
    private final long member;
    private final Peer peer;
    private final Consumer<? super RuntimeException> onBreach;
    private final Runnable onPart;
    private boolean isBehind; // a former one of the same member
    private boolean isSilenced;
    private volatile boolean isParted; // says a thread that meets others
    private volatile boolean isOver;

    /// Takes the announcements over.
    ///
    /// @param member number of the counterpart
    /// @param peer its process
    /// @param onBreach is given the failure of a counterpart that breaks the format; does not wait
    /// @param onPart has somebody look at this, once the two are parted
    WayIn(Announcements announcements, long member, Peer peer,
            Consumer<? super RuntimeException> onBreach, Runnable onPart) {
        this.announcements = announcements;
        this.member = member;
        this.peer = peer;
        this.onBreach = onBreach;
        this.onPart = onPart;
    }

    Announcements announcements() {
        return announcements;
    }

    /// The number of the counterpart.
    public long member() {
        return member;
    }

    /// The counterpart is gone, or about to be met again: nothing more is announced here. Any
    /// thread; for a way that is over it does nothing.
    public void part() {
        isParted = true; // first: whoever looks for news sees it
        if (!isOver) {
            onPart.run();
        }
    }

    /// Whether it holds nothing any more. Any thread.
    public boolean isOver() {
        return isOver;
    }

    /// Whether it is to be looked at.
    boolean isOpen() {
        return !isBehind && !isOver;
    }

    /// Whether it waits for the end of a former one.
    boolean isBehind() {
        return isBehind;
    }

    void setBehind(boolean isSo) {
        isBehind = isSo;
    }

    /// Where the two are parted, has its end come after what was announced. The kernel refuses all
    /// later announcements at one moment: what was sent before that is found here, and who sends
    /// after it learns it.
    void silenceIfParted() {
        if (isParted && !isSilenced && !isOver) {
            announcements.silence();
            isSilenced = true;
            if (isBehind && announcements.isExhausted()) {
                close(); // many that came to nothing do not wait for one that is read late
            }
        }
    }

    /// Takes up what has come.
    ///
    /// @return whether there may be more
    boolean takeInto(LaneSet lanes) {
        boolean mayBeMore = false;
        try {
            mayBeMore = announcements.takeInto(lanes);
        } catch (RingViolation | RefusedMemoryException breach) {
            close(); // first: nothing more comes by it, whatever fails below
            onBreach.accept(Breach.translated(breach, peer));
        }
        if (announcements.hasEnded()) {
            close();
        }
        return mayBeMore;
    }

    /// Ends it, with all that nobody has taken up. Does nothing if it is over.
    void close() {
        if (!isOver) {
            isOver = true;
            announcements.close();
        }
    }
}
