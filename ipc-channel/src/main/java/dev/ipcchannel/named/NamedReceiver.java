package dev.ipcchannel.named;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
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
import dev.ipcchannel.internal.presence.AloneWatch;
import dev.ipcchannel.internal.presence.Form;
import dev.ipcchannel.internal.presence.ReceiverRole;
import dev.ipcchannel.internal.presence.SenderRole;
import dev.ipcchannel.internal.presence.Subscribers;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.send.Share;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A receiver by name: it gets each message that any sender of that name sends while it is open.
///
/// Messages of one sender arrive in order, and each receiver of the name gets all of them. Senders
/// come and go; while there is none, a receive waits. The receiver ends only by [#close] or
/// [#leave]. One thread receives at a time; any thread may close it.
///
/// @param <T> the type of the messages
public final class NamedReceiver<T> implements Iterable<T>, AutoCloseable {

    private static final long MIN_INTERVAL = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_INTERVAL = TimeUnit.DAYS.toNanos(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2); // for senders to let it go

    private final String name;
    private final Ends ends;
    private final Receiver<T> receiver;
    private final Subscribers senders = new Subscribers();
    private final Member member;
    private final AtomicReference<@Nullable Heartbeat> heartbeat = new AtomicReference<>();
    private final Cleanable presence; // of this receiver under its name

    private NamedReceiver(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        this(NameKind.CHANNEL, name, codec, options.channel(), Form.NONE);
    }

    /// A receiver of any kind. The name is checked already.
    NamedReceiver(NameKind kind, String name, Codec<T> codec, ChannelOptions options, Form form)
            throws InterruptedException {
        this.name = name;
        this.ends = Ends.open(EndAccess.settings(options, codec));
        ReceiverRole role = new ReceiverRole(new Admission(name, ends), senders, form);
        Member opened = null;
        boolean isOpen = false;
        try {
            ends.inbox()
                    .pin("a receiver by name stays where it was opened: name=%s: open another there"
                            .formatted(name));
            this.receiver = EndAccess.receiver(ends.inbox(), codec, NamedEnd.of(name, "sender"));
            opened = Opening.member(kind, name, codec, role);
            this.member = opened;
            // Registered for the receiver, since a user may keep only that.
            this.presence = EndAccess.whenForgotten(receiver,
                    new Withdrawal(opened, senders, ends.share(), heartbeat));
            ends.inbox().whenEnded(presence::clean); // for instance by a router
            ends.inbox().whenDiscarded(messages -> warnDiscarded(kind, name, messages));
            senders.watch(new AloneWatch(ends.inbox(), opened::warnAlone));
            isOpen = true;
        } finally {
            if (!isOpen) {
                AllSteps.take(Opening.closing(opened), senders::end, ends::close);
            }
        }
    }

    private static void warnDiscarded(NameKind kind, String name, int messages) {
        if (kind == NameKind.BROADCAST) {
            Log.warning("a broadcast channel was closed or disconnected before it had received all"
                    + " that was sent to it",
                    "name=%s, messages=%d: receive until tryReceive()"
                            .formatted(name, messages) + " gives null before that");
            return;
        }
        Log.warning("a receiver by name was closed before it had received all that was sent to it",
                "name=%s, messages=%d: leave() lets it receive them first".formatted(name,
                        messages));
    }

    /// An action that ends a receiver's presence under its name, when it is closed or forgotten.
    private record Withdrawal(Member member, Subscribers senders, Share wayIn,
            AtomicReference<@Nullable Heartbeat> heartbeat) implements Runnable {

        @Override
        public void run() {
            AllSteps.take(() -> stop(heartbeat), member::close, senders::end,
                    () -> wayIn.end("this receiver was closed"),
                    () -> stop(heartbeat)); // a heartbeat started meanwhile
        }

        static void stop(AtomicReference<@Nullable Heartbeat> heartbeat) {
            Heartbeat last = heartbeat.get();
            if (last != null) {
                last.stop();
            }
        }
    }

    /// Opens a name for messages of `type` with the default options. Waits for the present senders
    /// of that name, two seconds at most: messages that they send after this has returned arrive
    /// here.
    ///
    /// @throws IllegalArgumentException if the name is not valid (1 to 200 bytes of UTF-8, without
    /// `/` and control characters), if there is no codec for the type, or if the type has ends of
    /// channels in it
    /// @throws dev.ipcchannel.TypeMismatch if the name is open for messages of another type
    /// @throws TimedOut if another process, which is stopped, has the name locked
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open in a process with another
    /// version, or if there is no usable directory of names
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static <T> NamedReceiver<T> open(String name, Class<T> type)
            throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens a name for messages of `type`. Throws what [#open(String, Class)] throws.
    public static <T> NamedReceiver<T> open(String name, Class<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens a name for messages of a generic type with the default options. Throws what
    /// [#open(String, Class)] throws.
    public static <T> NamedReceiver<T> open(String name, TypeToken<T> type)
            throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens a name for messages of a generic type. Throws what [#open(String, Class)] throws.
    public static <T> NamedReceiver<T> open(String name, TypeToken<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens a name for messages that go through `codec`. Throws what [#open(String, Class)]
    /// throws.
    public static <T> NamedReceiver<T> open(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        Argument.given(codec, "codec");
        Argument.given(options, "options");
        Opening.check(name);
        Opening.checkMany(name, codec);
        try {
            return new NamedReceiver<>(name, codec, options);
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure, name);
        }
    }

    /// The member of this receiver.
    Member member() {
        return member;
    }

    /// The name of this receiver.
    public String name() {
        return name;
    }

    /// See [Receiver#receive()].
    public T receive() throws InterruptedException {
        return receiver.receive();
    }

    /// See [Receiver#receive(Duration)].
    public T receive(Duration timeout) throws InterruptedException {
        try {
            return receiver.receive(timeout);
        } catch (TimedOut failure) {
            throw late(failure, timeout);
        }
    }

    /// The failure of a wait whose time is over. It says if there was no sender, or if a sender has
    /// not let a receiver go that has left.
    private TimedOut late(TimedOut failure, Duration timeout) {
        String held = senders.isLeaving() ? senders.held(SenderRole.WORD) : "";
        if (held.isEmpty() && senderCount() > 0) {
            return failure;
        }
        return new TimedOut("no message came within the time given, and %s: name=%s, timeout=%s: %s"
                .formatted(held.isEmpty() ? "no sender is there"
                        : "this receiver has left, but a sender does not answer", name,
                        ShownTime.of(timeout), held.isEmpty() ? member.whereabouts() : held));
    }

    /// See [Receiver#tryReceive()].
    public @Nullable T tryReceive() {
        return receiver.tryReceive();
    }

    /// See [Receiver#receive(MessageHandler, int)].
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return receiver.receive(handler, limit);
    }

    /// See [Receiver#receive(MessageHandler, int, Duration)].
    public int receive(MessageHandler handler, int limit, Duration timeout)
            throws InterruptedException {
        try {
            return receiver.receive(handler, limit, timeout);
        } catch (TimedOut failure) {
            throw late(failure, timeout);
        }
    }

    /// Reads messages in place; see [EndAccess#receive].
    int receive(MessageHandler handler, int limit, Deadline deadline, LongConsumer sentBy)
            throws InterruptedException {
        return EndAccess.receive(receiver, handler, limit, deadline, sentBy);
    }

    /// An iterator over the messages as they come, until [#leave]; see [Receiver#iterator()].
    @Override
    public Iterator<T> iterator() {
        return receiver.iterator();
    }

    /// A stream of the messages, until [#leave]; see [Receiver#stream()].
    public Stream<T> stream() {
        return receiver.stream();
    }

    /// The plain receiver of this object, for sets, routers, futures and publishers. It cannot be
    /// put into a message, and this object is still to be closed.
    public Receiver<T> receiver() {
        return receiver;
    }

    /// Starts a heartbeat, which shows all senders that this receiver is ready, until the heartbeat
    /// is stopped or this receiver is closed. The first beat comes at once. A sender considers the
    /// receiver ready while the last beat is younger than three intervals.
    ///
    /// @throws IllegalArgumentException if the interval is not positive
    /// @throws IllegalStateException if it has a heartbeat already
    public Heartbeat startHeartbeat(Duration interval) {
        if (!Argument.given(interval, "interval").isPositive()) {
            throw new IllegalArgumentException("the interval of a heartbeat must be positive:"
                    + " name=%s, interval=%s".formatted(name, ShownTime.of(interval)));
        }
        try {
            Heartbeat started = Heartbeat.start(senders,
                    Math.clamp(TimeUnit.NANOSECONDS.convert(interval), MIN_INTERVAL, MAX_INTERVAL));
            if (started == null) {
                throw new IllegalStateException("the heartbeat of this receiver has been started,"
                        + " and not been stopped: name=%s: stop that one first".formatted(name));
            }
            heartbeat.set(started);
            if (senders.isLeaving()) { // close and leave stop it before and after that
                started.stop();
                throw new EndClosed("this receiver was closed or has left: name=%s: open the"
                        .formatted(name) + " name again");
            }
            return started;
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure, name);
        }
    }

    private String closed() {
        return "this receiver was closed: name=%s: open the name again".formatted(name);
    }

    private void checkOpen() {
        if (ends.inbox().isEnded()) {
            throw new EndClosed(closed());
        }
    }

    /// The number of senders that are there now.
    public int senderCount() {
        return senders.count();
    }

    /// Registers `action` to run for each sender that joins, and for those already present. Actions
    /// run one after another on a virtual thread, in the order of the events. An action that refers
    /// to this receiver keeps it reachable, so that it cannot be found forgotten.
    ///
    /// @throws EndClosed if this receiver is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onJoin(onEntry);
    }

    /// Registers `action` to run for each sender that was closed or has died, in the way of
    /// [#onJoin]. It does not run when this receiver is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onLeave(onEntry);
    }

    /// The counters of this receiver.
    public EndStats stats() {
        return receiver.stats();
    }

    /// Leaves the name: when this returns, no sender counts this receiver. Messages already sent to
    /// it are still received; then [#receive()] throws [dev.ipcchannel.Disconnected], and loops and
    /// streams end. Waits for the senders, two seconds at most; a sender that is stopped lets the
    /// receiver go when it continues.
    ///
    /// @throws InterruptedException if the thread is interrupted before or during the wait: the
    /// receiver leaves all the same, though senders may still count it for a moment
    public void leave() throws InterruptedException {
        Withdrawal.stop(heartbeat);
        member.withdraw();
        try {
            int left = senders.leave(Deadline.after(PATIENCE));
            if (left > 0) {
                Log.warning("senders of a name do not answer, and let a receiver go when they go"
                        + " on", "name=%s, %s".formatted(name, senders.held(SenderRole.WORD)));
                senders.watchDeparture(new AloneWatch(ends.inbox(), this::warnHeld));
            }
        } finally {
            ends.inbox().leave("this receiver has left, and all that was sent to it has been"
                    + " received: name=%s: open the name again for more".formatted(name));
            ends.share().end("this receiver has left: name=" + name);
            Withdrawal.stop(heartbeat); // a heartbeat started meanwhile
        }
    }

    private void warnHeld() {
        String held = senders.held(SenderRole.WORD);
        if (!held.isEmpty()) {
            Log.warning("a receiver has left, and waits for a sender that does not answer",
                    "name=%s, waited=%s: %s".formatted(name, ShownTime.of(Deadline.LONG_WAIT),
                            held));
        }
    }

    /// Closes this receiver: senders go on without it, and messages not yet received are lost; the
    /// log has their number. The second and later closes do nothing.
    @Override
    public void close() {
        ends.inbox().end(closed()); // first: else a waiting thread would see all senders gone
        try {
            presence.clean();
        } finally {
            receiver.close();
        }
    }

    @Override
    public String toString() {
        return "NamedReceiver[%s, senders=%d, %s]".formatted(name, senderCount(), receiver);
    }
}
