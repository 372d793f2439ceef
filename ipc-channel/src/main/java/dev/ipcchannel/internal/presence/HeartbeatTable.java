package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.wire.Notice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The heartbeats of the members that another one has met. Any thread may use it: inside the lock
/// of those members.
///
/// @param <A> what that one's role makes of each
public final class HeartbeatTable<A> {

    private static final long MIN_NANOS = 1_000_000;
    private static final String HALTED =
            "has had no beat for %d of its intervals: let it go on if it is"
                    .formatted(Beat.MAX_MISSED) + " stopped, or end it";

    private final Counterparts<A> present;
    private final Map<Counterpart, Beat> beats = new HashMap<>(); // inside the lock of these

    public HeartbeatTable(Counterparts<A> present) {
        this.present = present;
    }

    /// Takes in what a member says of its heartbeat.
    public void note(Counterpart counterpart, Notice notice) {
        present.change(() -> {
            forget(counterpart);
            Descriptor file = notice.file();
            if (file != null) {
                put(counterpart, file, notice.value());
            }
        });
    }

    private void put(Counterpart counterpart, Descriptor file, long intervalNanos) {
        try {
            Beat beat = Beat.of(file, intervalNanos);
            if (present.isOver()) {
                beat.close();
            } else {
                Beat _ = beats.put(counterpart, beat);
            }
        } catch (PosixException | RefusedMemoryException refused) {
            Log.warning("a heartbeat of another process is refused", "%s: %s".formatted(
                    Counterparts.shown(List.of(counterpart)), Printable.of(refused)));
        }
    }

    /// One of them is gone.
    public void forget(Counterpart counterpart) {
        present.change(() -> {
            Beat beat = beats.remove(counterpart);
            if (beat != null) {
                beat.close();
            }
        });
    }

    /// All of them are gone.
    public void end() {
        present.change(() -> {
            beats.values().forEach(Beat::close);
            beats.clear();
        });
    }

    /// Waits until so many are ready: there, and with a heartbeat. After a while the log says why
    /// it waits.
    ///
    /// @param member that has met them
    /// @return false if the deadline came first, or that member is closed
    public boolean isReadyBy(Member member, int count, Deadline deadline)
            throws InterruptedException {
        return member.isSoBy(deadline, end -> present.await(() -> young() >= count,
                this::shortestHaltedInterval, end), () -> whyUnready(member, count));
    }

    /// How many are ready.
    public int ready() {
        return present.look(this::young);
    }

    private int young() {
        int young = 0;
        for (Beat beat : beats.values()) {
            if (beat.isYoung()) {
                young++;
            }
        }
        return young;
    }

    /// Why so many are not ready, and what helps, as the end of a sentence.
    ///
    /// @param member that has met them
    public String whyUnready(Member member, int count) {
        String unready = present.look(this::unready);
        return unready.isEmpty() ? member.whereabouts()
                : present.count() >= count ? unready : unready + "; " + member.whereabouts();
    }

    private String unready() {
        List<Counterpart> all = present.counterparts();
        String none = shown(all, counterpart -> !beats.containsKey(counterpart));
        String halted = halted(all);
        return (none.isEmpty() ? "" : none + " has no heartbeat: have it call startHeartbeat")
                + (none.isEmpty() || halted.isEmpty() ? "" : "; ")
                + halted;
    }

    /// That one has come to a halt, and what helps, as the end of a sentence; empty if it has not.
    ///
    /// @param made of it
    public String halted(A made) {
        return present.look(() -> {
            Counterpart one = present.of(made);
            return one == null ? "" : halted(List.of(one));
        });
    }

    /// The same for the log; empty also if that halt was said before.
    public String unsaidHalt(A made) {
        return present.look(() -> {
            Counterpart one = present.of(made);
            Beat beat = one == null ? null : beats.get(one);
            return beat == null || beat.isYoung() || !beat.isHaltUnsaid() ? "" : halted(made);
        });
    }

    /// What helps where one has no room, as the end of a sentence.
    String whyFull(Counterpart one) {
        return present.look(() -> isHalted(one) ? ", and " + HALTED
                : beats.containsKey(one) ? ": have it receive"
                        : ": have it receive, or let it go on if it is stopped");
    }

    private String halted(List<Counterpart> some) {
        String halted = shown(some, this::isHalted);
        return halted.isEmpty() ? "" : halted + " " + HALTED;
    }

    private boolean isHalted(Counterpart counterpart) {
        Beat beat = beats.get(counterpart);
        return beat != null && !beat.isYoung();
    }

    private static String shown(List<Counterpart> all, Predicate<Counterpart> isMeant) {
        return Counterparts.shown(all.stream().filter(isMeant).toList());
    }

    /// After how many nanoseconds one may beat again that has come to a halt, of which no word
    /// comes; at least a millisecond, whatever they say.
    private long shortestHaltedInterval() {
        long shortest = Long.MAX_VALUE;
        for (Beat beat : beats.values()) {
            if (!beat.isYoung()) {
                shortest = Math.min(shortest, Math.max(MIN_NANOS, beat.intervalNanos()));
            }
        }
        return shortest;
    }
}
