package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.Notice;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The heartbeats of the members that another one has met. Used inside that one's lock.
final class HeartbeatTable {

    private static final long MIN_NANOS = 1_000_000;
    private static final String HALTED =
            "has had no beat for %d of its intervals: let it go on if it is"
                    .formatted(Beat.MAX_MISSED) + " stopped, or end it";

    private final Map<Counterpart, Beat> beats = new HashMap<>();

    /// Takes in what a member says of its heartbeat.
    ///
    /// @param isWanted whether anybody is to ask for it
    void note(Counterpart counterpart, Notice notice, boolean isWanted) {
        Descriptor file = notice.file();
        forget(counterpart);
        if (file == null) {
            return;
        }
        try {
            Beat beat = Beat.of(file, notice.value());
            if (isWanted) {
                Beat _ = beats.put(counterpart, beat);
            } else {
                beat.close();
            }
        } catch (PosixException | RefusedMemoryException refused) {
            Log.warning("a heartbeat of another process is refused", "%s: %s".formatted(
                    shown(List.of(counterpart), _ -> true), Printable.of(refused)));
        }
    }

    void forget(Counterpart counterpart) {
        Beat beat = beats.remove(counterpart);
        if (beat != null) {
            beat.close();
        }
    }

    void forgetAll() {
        beats.values().forEach(Beat::close);
        beats.clear();
    }

    /// How many beat.
    int young() {
        int young = 0;
        for (Beat beat : beats.values()) {
            if (beat.isYoung()) {
                young++;
            }
        }
        return young;
    }

    /// Those of `present` that are not ready, and what helps, as the end of a sentence; empty if all
    /// are.
    String unready(Collection<Counterpart> present) {
        String none = shown(present, counterpart -> !beats.containsKey(counterpart));
        String halted = halted(present);
        return (none.isEmpty() ? "" : none + " has no heartbeat: have it call startHeartbeat")
                + (none.isEmpty() || halted.isEmpty() ? "" : "; ")
                + halted;
    }

    /// Those of `present` that have come to a halt, and what helps, as the end of a sentence; empty
    /// if none has.
    String halted(Collection<Counterpart> present) {
        String halted = shown(present, this::isHalted);
        return halted.isEmpty() ? "" : halted + " " + HALTED;
    }

    /// What helps where one has no room, as the end of a sentence.
    String whyFull(Counterpart one) {
        return isHalted(one) ? ", and " + HALTED
                : beats.containsKey(one) ? ": have it receive"
                        : ": have it receive, or let it go on if it is stopped";
    }

    /// The same of one, for the log; empty also if its halt was said before.
    String unsaidHalt(Counterpart one) {
        Beat beat = beats.get(one);
        return beat != null && isHalted(one) && beat.isHaltUnsaid() ? halted(List.of(one)) : "";
    }

    private boolean isHalted(Counterpart counterpart) {
        Beat beat = beats.get(counterpart);
        return beat != null && !beat.isYoung();
    }

    /// Why a wait for members that are ready goes on, as the end of a sentence.
    ///
    /// @param unready what [#unready] says
    /// @param isThere whether as many as are waited for are there
    static String why(String unready, boolean isThere, Member member) {
        return unready.isEmpty() ? member.whereabouts()
                : isThere ? unready : unready + "; " + member.whereabouts();
    }

    /// Those that are meant, for people: `pid=4711 (app.Prices), pid=4712 (app.Prices)`.
    static String shown(Collection<Counterpart> present, Predicate<Counterpart> isMeant) {
        return present.stream().filter(isMeant)
                .map(one -> "pid=%d (%s)".formatted(one.pid(), Printable.of(one.program())))
                .collect(Collectors.joining(", "));
    }

    /// After how many nanoseconds one may beat again that has come to a halt, of which no word
    /// comes; at least a millisecond, whatever they say.
    long shortestHaltedInterval() {
        long shortest = Long.MAX_VALUE;
        for (Beat beat : beats.values()) {
            if (!beat.isYoung()) {
                shortest = Math.min(shortest, Math.max(MIN_NANOS, beat.intervalNanos()));
            }
        }
        return shortest;
    }
}
