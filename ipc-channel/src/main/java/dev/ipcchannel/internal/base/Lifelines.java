package dev.ipcchannel.internal.base;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The lifelines of this process, to its parent and to its children, over any transport: the only
/// place from which the process announces its end.
public final class Lifelines {

    private static final Set<Lifeline> OPEN = ConcurrentHashMap.newKeySet();

    private Lifelines() {}

    /// Keeps a lifeline until it ends.
    public static void add(Lifeline lifeline) {
        OPEN.add(lifeline);
        if (lifeline.end().isDone()) { // it may have ended before
            OPEN.remove(lifeline);
        }
    }

    /// Removes a lifeline that has ended, or was never established.
    public static void remove(Lifeline lifeline) {
        OPEN.remove(lifeline);
    }

    /// Sends a notice to all processes at the other ends. Does not wait.
    public static void sendToAll(GoAway notice) {
        for (Lifeline lifeline : OPEN) {
            try {
                lifeline.sendOnce(notice);
            } catch (RuntimeException | OutOfMemoryError failure) {
                // A child is killed with the rest.
                Log.error("a process was not notified that this one goes away", failure);
            }
        }
    }
}
