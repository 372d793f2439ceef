package dev.ipcchannel.named;

import dev.ipcchannel.Claim;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
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
import dev.ipcchannel.internal.presence.Form;
import dev.ipcchannel.internal.presence.SenderRole;
import dev.ipcchannel.internal.send.Group;
import java.lang.ref.Cleaner.Cleanable;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A sender by name: each message goes to all receivers of that name, wherever they run, or to
/// none.
///
/// Any number of threads may use it. `send` waits while a receiver has no room, and while there is
/// no receiver, unless its options say otherwise ([Unreceived]); where it ends by its time, an
/// interrupt or a close, no receiver has got the message. A receiver whose process ends is one
/// fewer. Each receiver gets the messages of one sender in order, and all receivers the same ones.
///
/// The ends of channels cannot go along in its messages, which many receive;
/// [dev.ipcchannel.SharedBytes] can.
///
/// @param <T> the type of the messages
public final class NamedSender<T> implements AutoCloseable {

    private final String name;
    private final Group group;
    private final SenderRole role;
    private final Sender<T> sender;
    private final Member member;
    private final Cleanable presence; // of this sender under its name, until it is cleaned

    private NamedSender(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        this(NameKind.CHANNEL, NamedEnd.of(name, "receiver"), codec,
                new Group(EndAccess.settings(options.channel(), codec),
                        switch (options.unreceived()) {
                            case WAIT -> Group.Unreceived.WAIT;
                            case DROP -> Group.Unreceived.DROP;
                            case FAIL -> Group.Unreceived.FAIL;
                        }, name),
                Form.NONE);
    }

    /// One of any kind, whose name is known to be one.
    NamedSender(NameKind kind, NamedEnd end, Codec<T> codec, Group group, Form form)
            throws InterruptedException {
        this.name = end.name();
        this.group = group;
        this.role = new SenderRole(group, form);
        this.sender = EndAccess.sender(group.way(), codec, end);
        Member opened = null;
        boolean isOpen = false;
        try {
            opened = Opening.member(kind, name, codec, role);
            this.member = opened;
            group.whenAlone(opened::warnAlone);
            // By the end: what keeps this object keeps it from being found to be forgotten.
            group.whenHeldUp(why -> Log.warning("a send waits for room", "name=%s, waited=%s%s"
                    .formatted(end.name(), ShownTime.of(Deadline.LONG_WAIT), after(why))));
            this.presence = EndAccess.whenForgotten(sender, withdrawal(opened, role));
            isOpen = true;
        } finally {
            if (!isOpen) {
                AllSteps.take(Opening.closing(opened), role::end, sender::close);
            }
        }
    }

    /// The end of a sender's presence under its name, by its close or once it is forgotten.
    private static Runnable withdrawal(Member member, SenderRole role) {
        return () -> AllSteps.take(member::close, role::end);
    }

    /// Opens a name for messages of `type` with the default options. Waits for those who receive by
    /// that name, for two seconds at most: they get what is sent once this has returned. Throws
    /// what [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedSender<T> open(String name, Class<T> type) throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens a name for messages of `type`. Throws what [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedSender<T> open(String name, Class<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens a name for messages of a generic type with the default options. Throws what
    /// [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedSender<T> open(String name, TypeToken<T> type)
            throws InterruptedException {
        return open(name, type, NamedOptions.defaults());
    }

    /// Opens a name for messages of a generic type. Throws what [NamedReceiver#open(String, Class)]
    /// throws.
    public static <T> NamedSender<T> open(String name, TypeToken<T> type, NamedOptions options)
            throws InterruptedException {
        return open(name, Codec.of(type), options);
    }

    /// Opens a name for messages that go through `codec`. Throws what
    /// [NamedReceiver#open(String, Class)] throws.
    public static <T> NamedSender<T> open(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        Argument.given(codec, "codec");
        Argument.given(options, "options");
        Opening.check(name);
        Opening.checkMany(name, codec);
        return new NamedSender<>(name, codec, options);
    }

    /// Its member.
    Member member() {
        return member;
    }

    /// It is closed for its user, and is still found by receivers.
    void linger() {
        role.wakeAll();
        member.linger();
    }

    /// How many messages were dropped for each receiver that is there.
    Map<NamedMember, Long> droppedByReceiver() {
        Map<NamedMember, Long> dropped = new LinkedHashMap<>();
        role.dropped().forEach((receiver, count) -> {
            Long _ = dropped.put(NamedMember.of(member.entry(receiver)), count);
        });
        return Collections.unmodifiableMap(dropped);
    }

    /// Its name.
    public String name() {
        return name;
    }

    /// Sends a message to all receivers, waiting for room. Throws what [Sender#send(Object)]
    /// throws, but for `Disconnected`.
    ///
    /// @throws NoReceiver if there is no receiver, with [Unreceived#FAIL]
    public void send(T message) throws InterruptedException {
        try {
            sender.send(message);
        } catch (NoReceiver _) {
            throw none();
        }
    }

    /// Sends a message to all receivers, waiting no longer than `timeout`. Throws what
    /// [#send(Object)] throws.
    ///
    /// @throws TimedOut if a receiver had no room in time, or there was none; nothing is sent
    public void send(T message, Duration timeout) throws InterruptedException {
        send(sender, message, timeout);
    }

    /// Sends a message by another way of its group.
    void send(Sender<T> by, T message, Duration timeout) throws InterruptedException {
        try {
            by.send(message, timeout);
        } catch (TimedOut _) {
            throw late(timeout);
        } catch (NoReceiver failure) {
            throw receiverCount() > 0 ? failure : none(); // some may have had no room
        }
    }

    /// Sends a message if all receivers have room now. Never waits. Throws what [#send(Object)]
    /// throws.
    public SendOutcome trySend(T message) {
        return sender.trySend(message);
    }

    /// Reserves room for a message that is written in place; see [Sender#claim(int)]. It goes to
    /// all receivers that are there at its commit, which never waits: see [Claim#commit] for what
    /// that throws where they have gone or others have joined.
    ///
    /// @throws NoReceiver if there is no receiver, with [Unreceived#FAIL]
    public Claim claim(int length) throws InterruptedException {
        try {
            return sender.claim(length);
        } catch (NoReceiver _) {
            throw none();
        }
    }

    /// Reserves room for a message as [#claim(int)] does, waiting no longer than `timeout`.
    ///
    /// @throws TimedOut if a receiver had no room in time, or there was none
    /// @throws NoReceiver if there is no receiver, with [Unreceived#FAIL]
    public Claim claim(int length, Duration timeout) throws InterruptedException {
        try {
            return sender.claim(length, timeout);
        } catch (TimedOut _) {
            throw late(timeout);
        } catch (NoReceiver _) {
            throw none();
        }
    }

    /// Reserves room for a message if all receivers have some now. Never waits.
    ///
    /// @return null if one has none, there is no receiver, or another thread is at work on this
    /// sender
    public @Nullable Claim tryClaim(int length) {
        return sender.tryClaim(length);
    }

    /// How many receivers are there now. It may change a moment later.
    public int receiverCount() {
        return role.receivers().count();
    }

    /// Waits until so many receivers are there at once.
    ///
    /// @throws TimedOut if there were not in time
    /// @throws EndClosed if this sender is closed meanwhile
    public void waitForReceivers(int count, Duration timeout) throws InterruptedException {
        int wanted = Argument.notNegative(count, "count");
        if (!member.isSoBy(EndAccess.deadline(timeout),
                end -> role.await(wanted, end))) {
            checkOpen();
            throw Opening.tooFew("there are too few receivers", name,
                    "wanted=%d, there=%d".formatted(wanted, receiverCount()), timeout,
                    member.whereabouts());
        }
    }

    /// Waits until a receiver is ready: there, and with a heartbeat that beats
    /// ([NamedReceiver#startHeartbeat]).
    ///
    /// @throws EndClosed if this sender is closed meanwhile
    public void waitUntilReady() throws InterruptedException {
        if (!role.heartbeats().isReadyBy(member, 1, Deadline.NEVER)) {
            throw closed();
        }
    }

    /// Waits until a receiver is ready, no longer than `timeout`. Throws what
    /// [#waitUntilReady(int, Duration)] throws.
    public void waitUntilReady(Duration timeout) throws InterruptedException {
        waitUntilReady(1, timeout);
    }

    /// Waits until so many receivers are ready at once, no longer than `timeout`.
    ///
    /// @throws TimedOut if there were not in time
    /// @throws EndClosed if this sender is closed meanwhile
    public void waitUntilReady(int count, Duration timeout) throws InterruptedException {
        int wanted = Argument.notNegative(count, "count");
        if (!role.heartbeats().isReadyBy(member, wanted, EndAccess.deadline(timeout))) {
            checkOpen();
            throw Opening.tooFew("too few receivers are ready", name,
                    "wanted=%d, ready=%d, there=%d".formatted(wanted, role.heartbeats().ready(),
                            receiverCount()),
                    timeout, role.heartbeats().whyUnready(member, wanted));
        }
    }

    private EndClosed closed() {
        return new EndClosed("this sender was closed: name=%s: open the name again"
                .formatted(name));
    }

    /// The failure of a send whose time is over: it may be that there was no receiver.
    private TimedOut late(Duration timeout) {
        int receivers = group.receivers();
        return new TimedOut(receivers == 0
                ? "no receiver came within the time given: name=%s%s, timeout=%s: %s"
                        .formatted(name, group.shownPending(), ShownTime.of(timeout),
                                member.whereabouts())
                : "no room for a message within the time given: name=%s, timeout=%s, receivers=%d%s"
                        .formatted(name, ShownTime.of(timeout), receivers,
                                after(group.obstacle())));
    }

    private static String after(String why) {
        return why.isEmpty() ? "" : ": " + why;
    }

    /// The failure of a send without a receiver.
    NoReceiver none() {
        return new NoReceiver("there is no receiver, and nothing was sent: name=%s: %s"
                .formatted(name, member.whereabouts()));
    }

    private void checkOpen() {
        if (group.isEnded()) {
            throw closed();
        }
    }

    /// Has `action` run for each receiver that joins, and for those that are there already: what a
    /// program does when it discovers one. Actions run one after another on a virtual thread, and
    /// get each in order. Keep no reference to this sender in it if the sender is to be found
    /// when it is forgotten.
    ///
    /// @throws EndClosed if this sender is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> heard = NamedMember.heardBy(action);
        checkOpen();
        member.onJoin(heard);
    }

    /// Has `action` run for each receiver that has left, been closed or died, as [#onJoin] does;
    /// not when this sender is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> heard = NamedMember.heardBy(action);
        checkOpen();
        member.onLeave(heard);
    }

    /// How many messages had no receiver and were dropped, with [Unreceived#DROP].
    public long dropped() {
        return group.dropped();
    }

    /// What has been sent here, in numbers: messages and bytes once, to however many receivers they
    /// went. The waits and bells are those of all rings, of receivers that have left as well; the
    /// descriptors and memory those of the rings that there are; the mark and the messages with
    /// memory of their own those of the ring that has had most.
    public EndStats stats() {
        return sender.stats();
    }

    /// Closes it; threads that wait in it are woken with [EndClosed]. What was sent is still
    /// received. The second and later closes do nothing.
    @Override
    public void close() {
        try {
            sender.close(); // first: a receiver that opens from now on does not find it any more
        } finally {
            presence.clean();
        }
    }

    @Override
    public String toString() {
        return "NamedSender[%s, receivers=%d, %s]".formatted(name, receiverCount(), sender);
    }
}
