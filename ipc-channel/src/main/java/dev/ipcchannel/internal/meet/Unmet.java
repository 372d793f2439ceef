package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// The reasons why a [Member] has not met others that have its name open, as far as they are known,
/// for sentences.
///
/// Any thread may use it.
final class Unmet {

    private static final int MAX_NOTED = 64;
    private static final int MAX_SHOWN = 8;

    private static final String SILENT =
            "does not answer: let it go on if it is stopped, see its log"
                    + " if it is not, or end it";
    private static final String ENDS =
            "ends each connection: see its log: it may lack descriptors or"
                    + " memory";

    private final ReentrantLock lock = new ReentrantLock();
    // By number; this and the next two are guarded by the lock.
    private final Map<Long, String> reasons = new LinkedHashMap<>();
    private int turnedAway;
    private String lastTurnedAway = "";

    /// Notes that a member has ended a connection before the two had met.
    void ended(long number) {
        note(number, ENDS);
    }

    /// Notes that a member has refused this one.
    void refused(long number, String reason) {
        note(number, "does not take this one up: " + Printable.of(reason));
    }

    /// Notes that this process could not take a member up.
    void failed(long number, Throwable failure) {
        note(number, "cannot be taken up here: " + Printable.of(failure));
    }

    /// Notes that a newcomer was turned away because of this member's type or form.
    void turnedAway(String process) {
        lock.lock();
        try {
            turnedAway++;
            lastTurnedAway = process;
        } finally {
            lock.unlock();
        }
    }

    /// The number of these, as the start of a clause; empty if there was none.
    String describeTurnedAway() {
        lock.lock();
        try {
            return turnedAway == 0 ? ""
                    : "turned away=%d (the last: %s): ".formatted(turnedAway, lastTurnedAway);
        } finally {
            lock.unlock();
        }
    }

    private void note(long number, String reason) {
        lock.lock();
        try {
            boolean isRoom = reasons.size() < MAX_NOTED || reasons.containsKey(number);
            if (!isRoom) {
                String _ = reasons.remove(reasons.keySet().iterator().next()); // the oldest
            }
            String _ = reasons.put(number, reason);
        } finally {
            lock.unlock();
        }
    }

    /// Notes that a member was met: earlier reasons do not count any more.
    void met(long number) {
        lock.lock();
        try {
            String _ = reasons.remove(number);
        } finally {
            lock.unlock();
        }
    }

    /// The reasons why these were not met, and the remedy, as the end of a sentence; empty if there
    /// are none.
    ///
    /// @param role the word for them
    String describe(String role, List<Found> unmet) {
        Map<String, List<Found>> byReason = unmet.stream().collect(Collectors.groupingBy(
                one -> reason(one.number()), LinkedHashMap::new, Collectors.toList()));
        return byReason.entrySet().stream().map(same -> "%s %s has this name open and %s".formatted(
                role, shown(same.getValue()), same.getKey())).collect(Collectors.joining("; "));
    }

    private String reason(long number) {
        lock.lock();
        try {
            return reasons.getOrDefault(number, SILENT);
        } finally {
            lock.unlock();
        }
    }

    private static String shown(List<Found> all) {
        int more = all.size() - MAX_SHOWN;
        return all.stream().limit(MAX_SHOWN).map(Unmet::shown).collect(Collectors.joining(", "))
                + (more > 0 ? " and %d more".formatted(more) : "");
    }

    private static String shown(Found one) {
        Entry entry = one.entry();
        return entry == null ? "" : entry.shownProcess();
    }
}
