package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.ring.RingViolation;
import java.util.function.Consumer;

/// The way into a receiver by name of one connection to one of its counterparts: an announcement
/// socket, by which that counterpart's lane comes. A breach ends only the way on which it comes.
///
/// It lasts until its lane has come, its counterpart is gone or breaks the format, or the two are
/// disconnected ([#disconnect]): a lane announced by then still comes. A way is not looked at while
/// an earlier way of the same member, or a lane that came by it, is there: so what that member sent
/// before the connection failed is read before what it sends after they have met again.
///
/// Used inside the guard of its [Inbox], except [#disconnect] and [#isOver], which any thread may
/// call.
public final class WayIn {

    private final Announcements announcements;
    private final long member;
    private final Peer peer;
    private final Consumer<? super RuntimeException> onBreach;
    private final Runnable onDisconnect;
    private boolean isQueued; // whether it waits for an earlier way of the same member
    private boolean isSilenced;
    private volatile boolean isDisconnected; // set by a thread that meets counterparts
    private volatile boolean isOver;

    /// Takes the announcements over.
    ///
    /// @param member number of the counterpart
    /// @param peer its process
    /// @param onBreach is given the failure of a counterpart that breaks the format; must not wait
    /// @param onDisconnect makes a thread look at this way, once the two are disconnected
    WayIn(Announcements announcements, long member, Peer peer,
            Consumer<? super RuntimeException> onBreach, Runnable onDisconnect) {
        this.announcements = announcements;
        this.member = member;
        this.peer = peer;
        this.onBreach = onBreach;
        this.onDisconnect = onDisconnect;
    }

    Announcements announcements() {
        return announcements;
    }

    /// The number of the counterpart.
    public long member() {
        return member;
    }

    /// Notes that the counterpart is gone, or about to be met again: nothing more is announced
    /// here. Called by any thread; does nothing for a way that is over.
    public void disconnect() {
        isDisconnected = true; // first: a thread that looks for events sees it
        if (!isOver) {
            onDisconnect.run();
        }
    }

    /// Whether it holds nothing any more. Any thread.
    public boolean isOver() {
        return isOver;
    }

    /// Whether it is looked at.
    boolean isOpen() {
        return !isQueued && !isOver;
    }

    /// Whether it waits for the end of an earlier way.
    boolean isQueued() {
        return isQueued;
    }

    void setQueued(boolean isSo) {
        isQueued = isSo;
    }

    /// If the two are disconnected, makes its end come after the announced lane. The kernel refuses
    /// all later announcements from one moment on: what was sent before is found here, and a later
    /// send fails.
    void silenceIfDisconnected() {
        if (isDisconnected && !isSilenced && !isOver) {
            announcements.silence();
            isSilenced = true;
            if (isQueued && announcements.isExhausted()) {
                close(); // many fruitless ways must not wait for a lane that is read late
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

    /// Ends it, with everything that was not taken up. Does nothing if it is over.
    void close() {
        if (!isOver) {
            isOver = true;
            announcements.close();
        }
    }
}
