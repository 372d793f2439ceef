package dev.ipcchannel.testing;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.rendezvous.Ends;
import java.time.Duration;

/// A channel for a test of a program's own: what goes wrong between two processes goes wrong here
/// on request, and no second process is needed.
///
/// It is a [Channel] like any other, with real rings, sockets and codec. Give one end to the code
/// under test, and be the other side yourself:
///
/// ```java
/// try (InProcess<Order> orders = InProcess.open(Order.class)) {
///     Worker worker = new Worker(orders.receiver());
///     orders.sender().send(order);
///     orders.killSender();
///     assertThrows(Disconnected.class, worker::run);
/// }
/// ```
///
/// Faults belong to the objects that this process made: [#sender], what [Sender#share],
/// [Sender#exclusive] and [Sender#erase] make of it, and [#receiver]. An end that has gone into a
/// message works on wherever it comes out, without them.
///
/// Any thread may ask for faults, at any time.
///
/// @param <T> the type of the messages
public final class InProcess<T> implements AutoCloseable {

    private final Faults faults;
    private final Ends ends;
    private final Channel<T> channel;

    private InProcess(Faults faults, Ends ends, Channel<T> channel) {
        this.faults = faults;
        this.ends = ends;
        this.channel = channel;
    }

    /// Makes a channel with the default options. Throws what [Channel#create(Class)] throws.
    public static <T> InProcess<T> open(Class<T> type) {
        return open(type, ChannelOptions.defaults());
    }

    /// Makes a channel. Throws what [Channel#create(Class)] throws.
    public static <T> InProcess<T> open(Class<T> type, ChannelOptions options) {
        return open(Codec.of(type), options);
    }

    /// Makes a channel for messages of a generic type, with the default options. Throws what
    /// [Channel#create(Class)] throws.
    public static <T> InProcess<T> open(TypeToken<T> type) {
        return open(type, ChannelOptions.defaults());
    }

    /// Makes a channel for messages of a generic type. Throws what [Channel#create(Class)] throws.
    public static <T> InProcess<T> open(TypeToken<T> type, ChannelOptions options) {
        return open(Codec.of(type), options);
    }

    /// Makes a channel whose messages go through `codec`. Throws what [Channel#create(Class)]
    /// throws.
    public static <T> InProcess<T> open(Codec<T> codec, ChannelOptions options) {
        Argument.given(codec, "codec");
        Argument.given(options, "options");
        EndAccess.checkPlatform();
        Faults faults = new Faults();
        try {
            Ends ends = Ends.open(EndAccess.settings(options, codec), faults);
            return new InProcess<>(faults, ends, EndAccess.channel(ends, codec));
        } catch (RuntimeException failure) {
            throw EndAccess.translate(failure);
        }
    }

    /// The sending end.
    public Sender<T> sender() {
        return channel.sender();
    }

    /// The receiving end.
    public Receiver<T> receiver() {
        return channel.receiver();
    }

    /// Both ends.
    public Channel<T> channel() {
        return channel;
    }

    /// Has each message that is sent from now on come only so long after it was sent; the send does
    /// not wait. Messages of one ring stay in order: one waits for those before it, also if it
    /// was sent with a shorter delay. [Duration#ZERO] ends it for what is sent afterwards.
    ///
    /// @throws IllegalArgumentException if it is negative
    public void delay(Duration delay) {
        Argument.given(delay, "delay");
        if (delay.isNegative()) {
            throw new IllegalArgumentException(
                    "delay must not be negative: delay=" + ShownTime.of(delay));
        }
        faults.delay(delay);
    }

    /// Has senders find no room from now on, as if their rings were full, until [#makeRoom]. What
    /// was sent can still be received.
    public void fill() {
        faults.fill();
    }

    /// Ends [#fill]: senders that wait go on, if their rings have room.
    public void makeRoom() {
        faults.makeRoom();
    }

    /// Kills the sending side: the receiver sees what it sees when the kernel ends that process
    /// (`kill -9`).
    ///
    /// What was sent is received first, then [dev.ipcchannel.Disconnected] says that the sender
    /// ended without closing; if nothing was ever sent, that every sender is closed, for nobody can
    /// tell then. The senders here are used up: whatever they are called for, and whoever waits in
    /// them, gets [dev.ipcchannel.EndClosed]. The message of an open claim is not sent; if another
    /// thread has it, its memory goes when that thread commits or closes it.
    public void killSender() {
        faults.killSender();
    }

    /// Kills the receiving side: senders see what they see when the kernel ends that process (`kill
    /// -9`): [dev.ipcchannel.Disconnected], at the next send or while they wait. Messages not
    /// received are lost.
    ///
    /// The receiver is used up: whatever it is called for, and whoever waits in it, gets
    /// [dev.ipcchannel.EndClosed]. Waits for a handler that runs in another thread; called by the
    /// handler itself, it takes effect when that returns.
    public void killReceiver() {
        faults.killReceiver(ends::killReceiver);
    }

    /// Closes both ends, as far as they are still here.
    @Override
    public void close() {
        channel.close();
    }

    @Override
    public String toString() {
        return "InProcess[" + sender() + ", " + receiver() + "]";
    }
}
