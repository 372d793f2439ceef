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

/// A channel for tests of programs, with the failures of two processes on request and without a
/// second process.
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
/// Faults affect the objects that this process made: [#sender], the results of its [Sender#share],
/// [Sender#exclusive] and [Sender#erase], and [#receiver]. An end that has moved in a message works
/// without faults where it arrives.
///
/// Any thread may request faults at any time.
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

    /// Delays the arrival of each message that is sent from now on; the send itself does not wait.
    /// Messages of one ring remain in order: a message waits for those before it, even if its own
    /// delay is shorter. [Duration#ZERO] ends the delay for later messages.
    ///
    /// @throws IllegalArgumentException if the delay is negative
    public void delay(Duration delay) {
        Argument.given(delay, "delay");
        if (delay.isNegative()) {
            throw new IllegalArgumentException(
                    "delay must not be negative: delay=" + ShownTime.of(delay));
        }
        faults.delay(delay);
    }

    /// Makes the rings of all senders appear full, until [#makeRoom]. Messages already sent can
    /// still be received.
    public void fill() {
        faults.fill();
    }

    /// Ends [#fill]: waiting senders go on if their rings have room.
    public void makeRoom() {
        faults.makeRoom();
    }

    /// Kills the sending side: for the receiver this is the same as when the kernel ends that
    /// process (`kill -9`).
    ///
    /// Messages already sent are received first. Then [dev.ipcchannel.Disconnected] says that the
    /// sender ended without closing; if nothing was ever sent, it says that every sender is closed,
    /// since the two cannot be distinguished then. The senders here are used up: all calls of them,
    /// waiting ones as well, throw [dev.ipcchannel.EndClosed]. The message of an open claim is not
    /// sent; if another thread has the claim, its memory is released when that thread commits or
    /// closes it.
    public void killSender() {
        faults.killSender();
    }

    /// Kills the receiving side: for senders this is the same as when the kernel ends that process
    /// (`kill -9`). They get [dev.ipcchannel.Disconnected] at the next send or while they wait.
    /// Messages not received are lost.
    ///
    /// The receiver is used up: all calls of it, waiting ones as well, throw
    /// [dev.ipcchannel.EndClosed]. Waits for a handler that runs in another thread. A call by the
    /// handler itself takes effect when the handler returns.
    public void killReceiver() {
        faults.killReceiver(ends::killReceiver);
    }

    /// Closes both ends. An end that has moved to another process is not affected.
    @Override
    public void close() {
        channel.close();
    }

    @Override
    public String toString() {
        return "InProcess[" + sender() + ", " + receiver() + "]";
    }
}
