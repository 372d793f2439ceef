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

/// The heartbeats of the members that another member has met. Any thread may use it: it takes the
/// lock of its [Counterparts].
///
/// @param <A> the class of the role's objects for them
public final class HeartbeatTable<A> {

    private static final long MIN_NANOS = 1_000_000;
    private static final String HALTED =
            "has had no beat for %d of its intervals: let it go on if it is"
                    .formatted(Beat.MAX_MISSED) + " stopped, or end it";

    private final Counterparts<A> present;
    // Guarded by the lock of `present`.
    private final Map<Counterpart, Beat> beats = new HashMap<>();

    public HeartbeatTable(Counterparts<A> present) {
        this.present = present;
    }

    /// Notes the heartbeat in a member's notice.
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

    /// Forgets the heartbeat of a member that is gone.
    public void forget(Counterpart counterpart) {
        present.change(() -> {
            Beat beat = beats.remove(counterpart);
            if (beat != null) {
                beat.close();
            }
        });
    }

    /// Forgets all heartbeats.
    public void end() {
        present.change(() -> {
            beats.values().forEach(Beat::close);
            beats.clear();
        });
    }

    /// Waits until `count` members are ready: there, and with a heartbeat. After a while it logs
    /// the reason of the wait.
    ///
    /// @param member that has met them
    /// @return false if the deadline came first, or that member is closed
    public boolean isReadyBy(Member member, int count, Deadline deadline)
            throws InterruptedException {
        return member.isSoBy(deadline, end -> present.await(() -> young() >= count,
                this::shortestHaltedInterval, end), () -> whyUnready(member, count));
    }

    /// The number of ready members.
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

    /// The reason why fewer than `count` are ready, with the remedy, as the end of a sentence.
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

    /// The words about a member that has halted, with the remedy, as the end of a sentence; empty
    /// if it has not.
    ///
    /// @param made the role's object for it
    public String halted(A made) {
        return present.look(() -> {
            Counterpart one = present.of(made);
            return one == null ? "" : halted(List.of(one));
        });
    }

    /// The same for the log; empty also if that halt was reported before.
    public String unreportedHalt(A made) {
        return present.look(() -> {
            Counterpart one = present.of(made);
            Beat beat = one == null ? null : beats.get(one);
            return beat == null || beat.isYoung() || !beat.takeUnreportedHalt() ? "" : halted(made);
        });
    }

    /// The remedy for a member without room, as the end of a sentence.
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

    /// The shortest interval of a halted member, in nanoseconds: it may beat again without a
    /// notification. At least a millisecond, whatever the members report.
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
