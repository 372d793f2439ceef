package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.Membership;
import dev.ipcchannel.internal.posix.PollSet;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The ways into a receiver: the channel's own announcement socket and, at a receiver by name, one
/// for each counterpart whose lane has not come yet.
///
/// Used by one thread at a time, inside the inbox's guard, except [#add] and [#endThoseThatCome].
/// An added way lies in a queue until the next look, for which the adding thread signals. The
/// thread that takes it from the queue closes it: so it is closed once, even if a close and an add
/// meet.
final class WaysIn {

    private static final WayIn[] NONE = {};

    private final Announcements own;
    private final LaneSet lanes;
    private final ConcurrentLinkedQueue<WayIn> coming = new ConcurrentLinkedQueue<>();
    private WayIn[] ways = NONE; // in the order in which they came
    private WayIn[] placed = NONE; // those with a place in the last wait, in their order
    private int places; // of all of them, including the channel's own
    private @Nullable Membership membership; // that each open way is registered with

    /// @param lanes that come by the ways
    WaysIn(Announcements own, LaneSet lanes) {
        this.own = own;
        this.lanes = lanes;
    }

    /// Adds a way. Called by any thread, which signals afterwards.
    void add(WayIn way) {
        boolean _ = coming.add(way);
    }

    /// Ends the queued ways. Called by any thread, once the receiver is closed.
    void endThoseThatCome() {
        for (WayIn way = coming.poll(); way != null; way = coming.poll()) {
            way.close();
        }
    }

    /// The channel's own announcements.
    Announcements own() {
        return own;
    }

    /// Whether no new lane can come.
    boolean hasEnded() {
        return own.hasEnded() && ways.length == 0 && coming.isEmpty();
    }

    /// Registers the present and later ways with a set.
    void join(Membership joined) {
        membership = joined;
        own.join(joined);
        for (WayIn way : ways) {
            if (way.isOpen()) {
                way.announcements().join(joined);
            }
        }
    }

    /// Removes them from the set.
    void leave() {
        membership = null;
        own.leave();
        for (WayIn way : ways) {
            way.announcements().leave();
        }
    }

    /// Called at the start of a look, after its signals were reset: adds the queued ways, and
    /// handles those that are disconnected, or whose predecessor has gone.
    void settle() {
        for (WayIn way = coming.poll(); way != null; way = coming.poll()) {
            takeIn(way);
        }
        for (WayIn way : ways) {
            way.silenceIfDisconnected();
        }
        removeOver();
        for (int i = 0; i < ways.length; i++) {
            if (ways[i].isQueued() && !isAnyBefore(i, ways[i].member())) {
                open(ways[i]);
            }
        }
    }

    private void takeIn(WayIn way) {
        boolean isIn = false;
        try {
            WayIn[] longer = Arrays.copyOf(ways, ways.length + 1);
            longer[ways.length] = way;
            if (isAnyBefore(ways.length, way.member())) {
                way.setQueued(true);
            } else {
                open(way);
            }
            ways = longer;
            isIn = true;
        } finally {
            if (!isIn) { // no event would notify of its lane: the counterpart is met again
                way.close();
            }
        }
    }

    /// Whether there is an earlier way of that member before this place, or a lane of it.
    private boolean isAnyBefore(int place, long member) {
        for (int i = 0; i < place; i++) {
            if (ways[i].member() == member && !ways[i].isOver()) {
                return true;
            }
        }
        return lanes.hasOf(member);
    }

    private void open(WayIn way) {
        Membership joined = membership;
        if (joined != null) {
            way.announcements().join(joined);
        }
        way.setQueued(false); // last: if the kernel refuses, the next look tries again
    }

    private void removeOver() {
        int left = 0;
        for (WayIn way : ways) {
            left += way.isOver() ? 0 : 1;
        }
        if (left == ways.length) {
            return;
        }
        WayIn[] rest = left == 0 ? NONE : new WayIn[left];
        int kept = 0;
        for (WayIn way : ways) {
            if (!way.isOver()) {
                rest[kept++] = way;
            }
        }
        ways = rest;
    }

    /// Adds the sockets to a wait, before all others there. [#takeInto] looks at the same places.
    void addTo(PollSet set) {
        placed = ways;
        places = placed.length + (own.hasEnded() ? 0 : 1);
        own.addTo(set, lanes);
        for (WayIn way : placed) {
            if (way.isOpen()) {
                way.announcements().addTo(set, lanes);
            } else {
                set.addNothing();
            }
        }
    }

    /// The number of their places in the last wait.
    int places() {
        return places;
    }

    /// Takes up what a wait has found.
    ///
    /// @return whether there may be more
    boolean takeInto(PollSet set) {
        int first = places - placed.length;
        boolean mayBeMore = false;
        try {
            for (int i = 0; i < placed.length; i++) {
                if (set.isReady(first + i) && placed[i].isOpen()) {
                    mayBeMore |= placed[i].takeInto(lanes);
                }
            }
            if (first == 1 && set.isReady(0)) { // last: it may throw because of other senders
                mayBeMore |= own.takeInto(lanes);
            }
        } finally {
            removeOver();
        }
        return mayBeMore;
    }

    /// Takes up everything that has come, before the end of all.
    void takeAll() {
        boolean _ = own.takeInto(lanes);
        for (WayIn way = coming.poll(); way != null; way = coming.poll()) {
            takeLast(way);
        }
        for (WayIn way : ways) {
            takeLast(way);
        }
    }

    private void takeLast(WayIn way) {
        try {
            if (!way.isOver()) {
                boolean _ = way.takeInto(lanes);
            }
        } finally {
            way.close();
        }
    }

    /// Ends all of them.
    void close() {
        try {
            own.close();
        } finally {
            endOthers();
        }
    }

    /// Abandons the channel's own announcements, which another process reads from now on. A
    /// receiver by name, which has other ways, does not move.
    ///
    /// @param isOwn see [Announcements#abandon]
    void abandon(boolean isOwn) {
        try {
            own.abandon(isOwn);
        } finally {
            endOthers();
        }
    }

    private void endOthers() {
        WayIn[] last = ways;
        ways = NONE;
        try {
            for (WayIn way : last) {
                way.close();
            }
        } finally {
            endThoseThatCome();
        }
    }
}
