package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.end.NamedEnd;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.presence.Admission;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Share;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.function.Consumer;

/// A member of a name for signals. A signal is a number without a message; it goes to all other
/// members that have the name open at that time, in any process.
///
/// ```java
/// try (var reload = NamedSignal.open("reload")) { // in one process
///     while (true) {
///         reload.await(PRICES);
///         readPrices();
///     }
/// }
///
/// try (var reload = NamedSignal.open("reload")) { // in another
///     reload.signal(PRICES);
/// }
/// ```
///
/// `signal` never waits for listeners, and no signal is lost while both members are there: each
/// member counts the signals of each id, and for a member that is stopped or slow, the others
/// count. A signal without a listener is not an error, and is not kept for members that come later.
/// A member does not get its own signals; two members of one process get each other's. There is no
/// order between signals of different ids.
///
/// Any thread may use it.
public final class NamedSignal implements AutoCloseable {

    /// The greatest id.
    public static final int MAX_ID = 65_535;

    private static final Codec<SignalRecord> CODEC = Codec.of(SignalRecord.class);
    private static final ChannelOptions OPTIONS = ChannelOptions.defaults().withCapacity(16_384);

    private final SignalRole role;
    private final ArrivedSignals arrived;
    private final Member member;
    private final Withdrawal withdrawal;
    private final Cleanable presence; // of this member under its name

    private NamedSignal(String name) throws InterruptedException {
        Ends ends = Ends.open(EndAccess.settings(OPTIONS, CODEC));
        NamedEnd named = NamedEnd.of(name, "listener");
        this.role = new SignalRole(new Admission(name, ends), CODEC, named);
        Member opened = null;
        boolean isOpen = false;
        try {
            ends.inbox().pin("the receiver of signals by name stays where it was opened");
            this.arrived = new ArrivedSignals(EndAccess.receiver(ends.inbox(), CODEC, named),
                    name);
            opened = Opening.member(NameKind.SIGNAL, name, CODEC, role);
            this.member = opened;
            this.withdrawal = new Withdrawal(opened, role, ends.share(), arrived);
            ArrivedSignals onEntry = arrived; // not this object, which must remain collectable
            this.presence = EndAccess.whenForgotten(this, () -> "signals by name, name=" + name,
                    onEntry::isClosed, withdrawal);
            isOpen = true;
        } finally {
            if (!isOpen) {
                AllSteps.take(Opening.closing(opened), role::end, ends::close);
            }
        }
    }

    /// An action that ends a member's presence under its name, when it is closed or forgotten.
    private record Withdrawal(Member member, SignalRole role, Share wayIn, ArrivedSignals arrived)
            implements Runnable {

        @Override
        public void run() {
            if (!arrived.end()) {
                return;
            }
            AllSteps.take(member::close, this::endRole, () -> wayIn.end(arrived.closed()),
                    arrived::close);
        }

        private void endRole() {
            long lost = role.end();
            if (lost > 0) {
                Log.warning("signals are lost, since their listeners had no room",
                        "name=%s, signals=%d".formatted(member.name(), lost));
            }
        }
    }

    /// Opens a name. Waits for the present members of that name, two seconds at most: signals that
    /// they give after this has returned arrive here, and this member's arrive there.
    ///
    /// @throws IllegalArgumentException if the name is not valid (1 to 200 bytes of UTF-8, without
    /// `/` and control characters)
    /// @throws TimedOut if another process, which is stopped, has the name locked
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open in a process with another
    /// version, or if there is no usable directory of names
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static NamedSignal open(String name) throws InterruptedException {
        Opening.check(name);
        try {
            NamedSignal signal = new NamedSignal(name);
            signal.arrived.start();
            return signal;
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure, name);
        }
    }

    /// The name of this member.
    public String name() {
        return member.name();
    }

    /// Gives a signal to all other members that have the name open now. Never waits.
    ///
    /// @param id which signal it is, from 0 to [#MAX_ID]
    /// @throws IllegalArgumentException if the id is none
    /// @throws EndClosed if this is closed
    public void signal(int id) {
        check(id);
        arrived.checkOpen();
        role.signal(new SignalRecord(id, 1));
    }

    /// Waits for a signal. Of several threads that wait for the same id, one gets the signals that
    /// have arrived.
    ///
    /// @param id which signal it is, from 0 to [#MAX_ID]
    /// @return how often the signal has arrived since the last `await` of this id, or since the
    /// opening: at least once
    /// @throws IllegalArgumentException if the id is none
    /// @throws EndClosed if this member is closed, before or during the wait
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    public long await(int id) throws InterruptedException {
        return await(id, Deadline.NEVER);
    }

    /// Waits for a signal no longer than `timeout`; not at all if that is zero. Throws what
    /// [#await(int)] throws.
    ///
    /// @throws TimedOut if no signal came in time
    public long await(int id, Duration timeout) throws InterruptedException {
        long count = await(id, EndAccess.deadline(timeout));
        if (count == 0) {
            throw new TimedOut("no signal came within the time given: name=%s, id=%d, timeout=%s%s"
                    .formatted(name(), id, ShownTime.of(timeout),
                            listenerCount() > 0 ? ", listeners=%d: see that one signals this id"
                                    .formatted(listenerCount()) : ": " + member.whereabouts()));
        }
        return count;
    }

    /// @return 0 if the deadline came first
    private long await(int id, Deadline deadline) throws InterruptedException {
        check(id);
        try {
            Deadline first = deadline.earlier(Deadline.after(Deadline.LONG_WAIT));
            long count = arrived.await(id, first);
            if (count > 0 || deadline.isPast() || !first.isPast()) {
                return count;
            }
            if (listenerCount() == 0) {
                member.warnAlone();
            }
            return arrived.await(id, deadline);
        } finally {
            Reference.reachabilityFence(this); // a member at work is not forgotten
        }
    }

    private void check(int id) {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException("a signal has an id from 0 to %d: name=%s, id=%d"
                    .formatted(MAX_ID, name(), id));
        }
    }

    /// The number of members that get a signal given now. It may change a moment later.
    public int listenerCount() {
        return role.present().count();
    }

    /// Waits until `count` other members are there at once, which get signals given after that.
    ///
    /// @throws TimedOut if there were not in time
    /// @throws EndClosed if this member is closed meanwhile
    public void waitForListeners(int count, Duration timeout) throws InterruptedException {
        int wanted = Argument.notNegative(count, "count");
        if (!member.isSoBy(EndAccess.deadline(timeout),
                end -> role.present().await(wanted, end))) {
            arrived.checkOpen();
            throw Opening.tooFew("there are too few listeners", name(),
                    "wanted=%d, there=%d".formatted(wanted, listenerCount()), timeout,
                    member.whereabouts());
        }
    }

    /// Registers `action` to run for each other member that joins, and for those already present.
    /// Actions run one after another on a virtual thread, in the order of the events. An action
    /// that refers to this member keeps it reachable, so that it cannot be found forgotten.
    ///
    /// @throws EndClosed if this is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        arrived.checkOpen();
        member.onJoin(onEntry);
    }

    /// Registers `action` to run for each other member that was closed or has died, in the way of
    /// [#onJoin]. It does not run when this member is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        arrived.checkOpen();
        member.onLeave(onEntry);
    }

    /// Closes this member; threads that wait in it are woken with [EndClosed]. Signals that stopped
    /// members have no room for by then are lost, and logged. The second and later closes do
    /// nothing.
    @Override
    public void close() {
        try {
            withdrawal.run();
        } finally {
            presence.clean();
        }
    }

    @Override
    public String toString() {
        return "NamedSignal[%s, listeners=%d]".formatted(name(), listenerCount());
    }
}
