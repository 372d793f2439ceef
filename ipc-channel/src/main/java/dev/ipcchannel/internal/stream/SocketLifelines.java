package dev.ipcchannel.internal.stream;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Lifelines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lifelines of processes that have connected and are not accepted, in order. Used under the
/// server's lock.
final class SocketLifelines {

    private static final int MAX_LIFELINES = 64; // the child's is here for a moment, as the newest

    private final List<UnixLifeline> all = new ArrayList<>(MAX_LIFELINES + 1); // so no add fails

    /// Adds a lifeline. In a crowd the oldest is dropped.
    void add(UnixLifeline lifeline) {
        all.add(lifeline);
        if (all.size() > MAX_LIFELINES) {
            all.removeFirst().drop();
        }
    }

    /// Removes the lifeline of a process, if it has one: from now on it ends with that process.
    @Nullable
    Lifeline release(long pid) {
        UnixLifeline own = all.stream().filter(one -> one.connection().peer() == pid).findFirst()
                .orElse(null);
        if (own != null) {
            Lifelines.add(own);
            all.remove(own);
        }
        return own;
    }

    /// Removes all lifelines, each of which ends with its process from now on.
    void releaseAll() {
        all.forEach(Lifelines::add);
        all.clear();
    }

    /// Closes all of them.
    void drop() {
        all.forEach(UnixLifeline::drop);
        all.clear();
    }
}
