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

/// A sender by name: each message goes to all receivers of that name, in any process, or to none.
///
/// Any number of threads may use it. `send` waits while a receiver has no room, and while there is
/// no receiver, unless the options say otherwise ([Unreceived]). If it ends by its timeout, an
/// interrupt or a close, no receiver has got the message. A receiver whose process ends is no
/// longer waited for. Each receiver gets the messages of one sender in order, and all receivers get
/// the same messages.
///
/// Its messages cannot have ends of channels in them, since many receive them; they can have
/// [dev.ipcchannel.SharedBytes].
///
/// @param <T> the type of the messages
public final class NamedSender<T> implements AutoCloseable {

    private final String name;
    private final Group group;
    private final SenderRole role;
    private final Sender<T> sender;
    private final Member member;
    private final Cleanable presence; // of this sender under its name

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

    /// A sender of any kind. The name is checked already.
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
            // Uses `end` and not this object, which an action must not keep reachable.
            group.whenDelayed(why -> Log.warning("a send waits for room", "name=%s, waited=%s%s"
                    .formatted(end.name(), ShownTime.of(Deadline.LONG_WAIT), after(why))));
            this.presence = EndAccess.whenForgotten(sender, withdrawal(opened, role));
            isOpen = true;
        } finally {
            if (!isOpen) {
                AllSteps.take(Opening.closing(opened), role::end, sender::close);
            }
        }
    }

    /// An action that ends a sender's presence under its name, when it is closed or forgotten.
    private static Runnable withdrawal(Member member, SenderRole role) {
        return () -> AllSteps.take(member::close, role::end);
    }

    /// Opens a name for messages of `type` with the default options. Waits for the present
    /// receivers of that name, two seconds at most: they get the messages sent after this has
    /// returned. Throws what [NamedReceiver#open(String, Class)] throws.
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

    /// Opens a name for messages that go through `codec`. Throws what [NamedReceiver#open(String,
    /// Class)] throws.
    public static <T> NamedSender<T> open(String name, Codec<T> codec, NamedOptions options)
            throws InterruptedException {
        Argument.given(codec, "codec");
        Argument.given(options, "options");
        Opening.check(name);
        Opening.checkMany(name, codec);
        return new NamedSender<>(name, codec, options);
    }

    /// The member of this sender.
    Member member() {
        return member;
    }

    /// Lingers: this sender is closed for its user, but receivers still find it.
    void linger() {
        role.wakeAll();
        member.linger();
    }

    /// The number of dropped messages of each receiver that is there.
    Map<NamedMember, Long> droppedByReceiver() {
        Map<NamedMember, Long> dropped = new LinkedHashMap<>();
        role.dropped().forEach((receiver, count) -> {
            Long _ = dropped.put(NamedMember.of(member.entry(receiver)), count);
        });
        return Collections.unmodifiableMap(dropped);
    }

    /// The name of this sender.
    public String name() {
        return name;
    }

    /// Sends a message to all receivers, and waits for room. Throws what [Sender#send(Object)]
    /// throws, except `Disconnected`.
    ///
    /// @throws NoReceiver if there is no receiver, with [Unreceived#FAIL]
    public void send(T message) throws InterruptedException {
        try {
            sender.send(message);
        } catch (NoReceiver _) {
            throw none();
        }
    }

    /// Sends a message to all receivers, and waits no longer than `timeout`. Throws what
    /// [#send(Object)] throws.
    ///
    /// @throws TimedOut if a receiver had no room in time, or there was no receiver; nothing is
    /// sent
    public void send(T message, Duration timeout) throws InterruptedException {
        send(sender, message, timeout);
    }

    /// Sends a message by another sender of the same group.
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

    /// Reserves room for a message to be written in place; see [Sender#claim(int)]. The message
    /// goes to all receivers that are there at its commit, which never waits: [Claim#commit] says
    /// what it throws if receivers have gone or joined since the claim.
    ///
    /// @throws NoReceiver if there is no receiver, with [Unreceived#FAIL]
    public Claim claim(int length) throws InterruptedException {
        try {
            return sender.claim(length);
        } catch (NoReceiver _) {
            throw none();
        }
    }

    /// Reserves room for a message as [#claim(int)] does, and waits no longer than `timeout`.
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
    /// @return null if a receiver has no room, there is no receiver, or another thread is using
    /// this sender
    public @Nullable Claim tryClaim(int length) {
        return sender.tryClaim(length);
    }

    /// The number of receivers that are there now. It may change a moment later.
    public int receiverCount() {
        return role.receivers().count();
    }

    /// Waits until `count` receivers are there at once.
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

    /// Waits until a receiver is ready, that is present and with a running heartbeat
    /// ([NamedReceiver#startHeartbeat]).
    ///
    /// @throws EndClosed if this sender is closed meanwhile
    public void waitUntilReady() throws InterruptedException {
        if (!role.heartbeats().isReadyBy(member, 1, Deadline.NEVER)) {
            throw closed();
        }
    }

    /// Waits until a receiver is ready, no longer than `timeout`. Throws what [#waitUntilReady(int,
    /// Duration)] throws.
    public void waitUntilReady(Duration timeout) throws InterruptedException {
        waitUntilReady(1, timeout);
    }

    /// Waits until `count` receivers are ready at once, no longer than `timeout`.
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

    /// The failure of a send whose time is over. It says if there was no receiver.
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

    /// Registers `action` to run for each receiver that joins, and for those already present.
    /// Actions run one after another on a virtual thread, in the order of the events. An action
    /// that refers to this sender keeps it reachable, so that it cannot be found forgotten.
    ///
    /// @throws EndClosed if this sender is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onJoin(onEntry);
    }

    /// Registers `action` to run for each receiver that has left, was closed or has died, in the
    /// way of [#onJoin]. It does not run when this sender is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        member.onLeave(onEntry);
    }

    /// The number of messages dropped for want of a receiver, with [Unreceived#DROP].
    public long dropped() {
        return group.dropped();
    }

    /// The counters of this sender. Messages and bytes count once, however many receivers get them.
    /// Waits and bells are those of all rings, including the rings of receivers that have left.
    /// Descriptors and memory are those of the present rings. The high-water mark and the spills
    /// are those of the ring with the most.
    public EndStats stats() {
        return sender.stats();
    }

    /// Closes this sender; threads that wait in it are woken with [EndClosed]. Messages already
    /// sent are still received. The second and later closes do nothing.
    @Override
    public void close() {
        try {
            sender.close(); // first: receivers that open from now on do not find it
        } finally {
            presence.clean();
        }
    }

    @Override
    public String toString() {
        return "NamedSender[%s, receivers=%d, %s]".formatted(name, receiverCount(), sender);
    }
}
