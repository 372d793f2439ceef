package dev.ipcchannel.internal.presence;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Counterparts;
import dev.ipcchannel.internal.wire.Notice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The counterparts that a member serves, or receives from: it notifies the present and the later
/// ones of its heartbeat, and asks them to let it go.
///
/// Any thread may use it.
public final class Subscribers {

    /// The stage that a member has reached with a counterpart.
    private enum Stage {
        /// It was greeted, and may have taken this member up, though its answer has not come.
        GREETED,
        /// It counts, but cannot get notices yet: it would take a notice for a wrong welcome.
        TAKEN_UP,
        /// It can get notices.
        MET
    }

    private final Counterparts<Stage> all = new Counterparts<>();
    private @Nullable Beat beat; // this and the next two are guarded by the lock of `all`
    private @Nullable AloneWatch watch;
    private boolean isLeaving;

    /// Notes a counterpart that is about to be greeted. The counterpart may take this member up
    /// before its answer comes: a leave waits for it.
    ///
    /// @return false if this member is leaving
    boolean greet(Counterpart counterpart) {
        return all.look(() -> !isLeaving
                && (all.get(counterpart) != null || all.put(counterpart, Stage.GREETED)));
    }

    /// Admits a counterpart, which counts from now on: a leave waits for it.
    ///
    /// @return false if this member was closed, or is leaving, unless the counterpart may have
    /// taken it up
    boolean admit(Counterpart counterpart) {
        return all.look(() -> (!isLeaving || all.get(counterpart) == Stage.GREETED)
                && isPut(counterpart, Stage.TAKEN_UP));
    }

    /// Notes that a counterpart can get notices.
    public void join(Counterpart counterpart) {
        all.change(() -> {
            if (isPut(counterpart, Stage.MET)) {
                Beat current = beat;
                if (isLeaving) {
                    counterpart.send(Notice.of(Notice.Kind.LEAVE));
                } else if (current != null) {
                    counterpart.send(word(current));
                }
            }
        });
    }

    private boolean isPut(Counterpart counterpart, Stage stage) {
        boolean isPut = all.put(counterpart, stage);
        AloneWatch alone = watch;
        if (alone != null && isPut) {
            alone.end();
        }
        return isPut;
    }

    private static Notice word(Beat beat) {
        return Notice.beats(beat.intervalNanos(), beat.file());
    }

    /// Makes `alone` watch this member's waits from now on, whenever no counterpart is there.
    public void watch(AloneWatch alone) {
        all.change(() -> {
            watch = alone;
            watchIfAlone();
        });
    }

    private void watchIfAlone() {
        AloneWatch alone = watch;
        if (alone != null && count() == 0 && !isLeaving) {
            alone.begin();
        }
    }

    /// Notes that a counterpart is gone, if it was there.
    public void disconnect(Counterpart counterpart) {
        all.change(() -> {
            Stage stage = all.remove(counterpart);
            AloneWatch last = watch;
            if (isLeaving && last != null && all.count() == 0) {
                last.end();
            }
            if (stage != null && stage != Stage.GREETED) {
                watchIfAlone();
            }
        });
    }

    /// Whether a counterpart is there.
    public boolean has(Counterpart counterpart) {
        return all.get(counterpart) != null;
    }

    /// The number of counterparts.
    public int count() {
        return all.count(stage -> stage != Stage.GREETED);
    }

    /// Notifies all counterparts, now and later, that this member beats.
    ///
    /// @return false if it beats already
    public boolean start(Beat started) {
        return all.look(() -> {
            if (beat != null) {
                return false;
            }
            beat = started;
            send(word(started));
            return true;
        });
    }

    /// Notifies all that this member no longer beats, if `stopped` is its heartbeat.
    public void stop(Beat stopped) {
        all.change(() -> {
            if (stopped.equals(beat)) {
                beat = null;
                send(Notice.of(Notice.Kind.STOPPED));
            }
        });
    }

    private void send(Notice notice) {
        all.forEach((counterpart, stage) -> {
            if (stage == Stage.MET) {
                counterpart.send(notice);
            }
        });
    }

    /// Asks all to let this member go, and waits until they have; none is admitted from now on.
    ///
    /// @return the number of those that have not by the deadline
    public int leave(Deadline deadline) throws InterruptedException {
        all.change(() -> {
            isLeaving = true;
            send(Notice.of(Notice.Kind.LEAVE));
        });
        boolean _ = all.await(() -> all.count() == 0, deadline);
        return all.count();
    }

    /// The counterparts that have not let this member go, with the remedy, as the end of a
    /// sentence; empty if all have.
    public String held(String role) {
        List<Counterpart> left = all.counterparts();
        return left.isEmpty() ? ""
                : "%s %s: let it go on if it is stopped, or end it".formatted(role,
                        Counterparts.shown(left));
    }

    /// Makes `departure` watch this member's wait while counterparts that were asked have not let
    /// it go.
    public void watchDeparture(AloneWatch departure) {
        all.change(() -> {
            AloneWatch alone = watch;
            if (alone != null) {
                alone.end();
            }
            watch = departure;
            if (all.count() > 0) {
                departure.begin();
            }
        });
    }

    /// Whether this member is leaving, or was closed.
    public boolean isLeaving() {
        return all.look(() -> isLeaving);
    }

    /// Removes all counterparts, and admits no more: this member was closed, and its connections
    /// with it.
    public void end() {
        all.change(() -> {
            isLeaving = true;
            AloneWatch last = watch;
            if (last != null) {
                last.end();
            }
            boolean _ = all.end().isEmpty();
        });
    }
}
