package dev.ipcchannel.named;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageHandler;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.meet.NameKind;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A broadcast channel by name, as libipc has it: each message goes to all who receive by that
/// name.
///
/// ```java
/// try (var sender = IpcChannel.open(ChannelType.CHANNEL, "my_channel", ConnMode.SENDER)) {
///     sender.send("Hello, World!".getBytes(UTF_8)); // in one process
/// }
///
/// try (var receiver = IpcChannel.open(ChannelType.CHANNEL, "my_channel", ConnMode.RECEIVER)) {
///     byte[] data = receiver.receive(); // in another, started before or after
/// }
/// ```
///
/// Times are milliseconds, with the meaning that they have there: 0 is 100 for a [#send], and for
/// ever for a [#receive] and [#waitForReceivers]; [#IMMEDIATE] does not wait, and [#INFINITE] has
/// no end. Each failure has the status of libipc ([IpcException#status]) and begins with its words.
///
/// Any number of threads may use it. One thread receives at a time, and others wait for it. A
/// message that was received by one thread is no other thread's.
///
/// Longer than other files: each verb of libipc stands here with what it promises, and does its
/// work elsewhere.
///
/// @param <T> the type of the messages
public final class IpcChannel<T> implements AutoCloseable {

    /// The time that is none: a look.
    public static final long IMMEDIATE = -1;

    /// The time without an end.
    public static final long INFINITE = Long.MAX_VALUE;

    private final Broadcast<T> channel;
    private final Connections<T> connections;

    private IpcChannel(Broadcast<T> channel, ConnMode mode) {
        this.channel = channel;
        this.connections = new Connections<>(channel, mode);
    }

    /// Opens a name for bytes, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static IpcChannel<byte[]> open(ChannelType type, String name, ConnMode mode)
            throws InterruptedException {
        return open(type, name, mode, BroadcastOptions.defaults());
    }

    /// Opens a name for bytes, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static IpcChannel<byte[]> open(ChannelType type, String name, ConnMode mode,
            BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.bytes(), options);
    }

    /// Opens a name for messages of a type, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            Class<T> messages) throws InterruptedException {
        return open(type, name, mode, messages, BroadcastOptions.defaults());
    }

    /// Opens a name for messages of a type, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            Class<T> messages, BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.of(Argument.given(messages, "messages")), options);
    }

    /// Opens a name for messages of a type, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            TypeToken<T> messages) throws InterruptedException {
        return open(type, name, mode, messages, BroadcastOptions.defaults());
    }

    /// Opens a name for messages of a type, and connects. Throws what
    /// [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            TypeToken<T> messages, BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.of(Argument.given(messages, "messages")), options);
    }

    /// Opens a name for messages that go through `codec`, and connects. Waits for those of the
    /// other side that are there, for two seconds at most.
    ///
    /// @throws IllegalArgumentException if the name is none (1 to 200 bytes of UTF-8, without `/`
    /// and control characters), or ends of channels are in the messages
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open as the other [ChannelType], is a
    /// [ChannelType#ROUTE] that has a sender, or is open in a process with another version, or if
    /// no directory to meet in can be used
    /// @throws dev.ipcchannel.TypeMismatch if it is open for messages of another type
    /// @throws TimedOut if another process, which is stopped, holds the name
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            Codec<T> codec, BroadcastOptions options) throws InterruptedException {
        IpcChannel<T> channel = new IpcChannel<>(Broadcast.of(type, name, codec, options),
                Argument.given(mode, "mode"));
        Libipc.checkName(name);
        Opening.checkMany(name, codec);
        channel.connections.connect(mode);
        return channel;
    }

    /// Sends one message on a [ChannelType#CHANNEL]. Throws what
    /// [#sendMessage(String, byte[], ChannelType)] throws.
    public static void sendMessage(String name, byte[] data) throws InterruptedException {
        sendMessage(name, data, ChannelType.CHANNEL);
    }

    /// Sends one message to all who receive by a name, waiting for room for 100 milliseconds at
    /// most.
    ///
    /// The sender that it opens is kept for a second, for the next call: what one thread sends so
    /// arrives in order. Throws what [#open(ChannelType, String, ConnMode)] and [#send(Object)]
    /// throw.
    public static void sendMessage(String name, byte[] data, ChannelType type)
            throws InterruptedException {
        KeptSender.send(Argument.given(type, "type"), Argument.given(name, "name"),
                Argument.given(data, "data"));
    }

    /// Receives one message of a [ChannelType#CHANNEL], waiting as long as it takes. Throws what
    /// [#receiveMessage(String, long, ChannelType)] throws.
    public static byte[] receiveMessage(String name) throws InterruptedException {
        return receiveMessage(name, INFINITE, ChannelType.CHANNEL);
    }

    /// Receives one message of a [ChannelType#CHANNEL]. Throws what
    /// [#receiveMessage(String, long, ChannelType)] throws.
    public static byte[] receiveMessage(String name, long timeout) throws InterruptedException {
        return receiveMessage(name, timeout, ChannelType.CHANNEL);
    }

    /// Receives one message that is sent by a name while this waits, and closes the channel. Throws
    /// what [#open(ChannelType, String, ConnMode)] and [#receive(long)] throw.
    ///
    /// @param timeout how long to wait: 0 is for ever
    public static byte[] receiveMessage(String name, long timeout, ChannelType type)
            throws InterruptedException {
        Libipc.check(name, timeout);
        try (IpcChannel<byte[]> channel = open(type, name, ConnMode.RECEIVER)) {
            return channel.receive(timeout);
        }
    }

    /// Removes what processes that have died have left of a name. Those that live go on, and the
    /// log names them. No program needs it: whoever opens the name next does that too.
    ///
    /// @return how many ends of dead processes there were
    /// @throws IllegalArgumentException if the name is none
    /// @throws TimedOut if another process, which is stopped, holds the name
    /// @throws dev.ipcchannel.HandshakeFailed if the directory cannot be used
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors for it have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits
    public static int clearStorage(String name) throws InterruptedException {
        try {
            return Opening.clear(NameKind.BROADCAST, name);
        } catch (IpcException failure) {
            throw Libipc.failure("Failed to clear channel '" + name + "'", failure);
        }
    }

    /// Its form.
    public ChannelType type() {
        return channel.type();
    }

    /// Its name.
    public String name() {
        return channel.name();
    }

    /// What it does there: while it is not connected, what it did.
    public ConnMode mode() {
        return connections.mode();
    }

    /// Connects again after a [#disconnect], in the mode that it had. Does nothing if it is
    /// connected. Throws what [#connect(ConnMode)] throws.
    public void connect() throws InterruptedException {
        connect(mode());
    }

    /// Connects again after a [#disconnect], as a new member of the name. Does nothing if it is
    /// connected. Throws what [#open(ChannelType, String, ConnMode, Codec, BroadcastOptions)]
    /// throws.
    ///
    /// @throws EndClosed if this channel is closed
    public void connect(ConnMode mode) throws InterruptedException {
        connections.connect(Argument.given(mode, "mode"));
    }

    /// Leaves the name: once this returns, no sender counts this channel, and what it has not
    /// received is dropped. Waits for the senders, for two seconds at most. Does nothing if it is
    /// not connected.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; it is disconnected
    public void disconnect() throws InterruptedException {
        connections.disconnect();
    }

    /// Sends a message to all who receive, waiting for room for 100 milliseconds at most. Where
    /// nobody receives, it is kept for the first who do: of 256 messages and 64 MiB there is room
    /// for that. Throws what [#send(Object, long)] throws.
    public void send(T message) throws InterruptedException {
        send(message, 0);
    }

    /// Sends a message to all who receive.
    ///
    /// @param timeout how long to wait for room, and for a receiver: 0 is 100 milliseconds, and the
    /// message is kept where there is no receiver
    /// @throws TimedOut if a receiver had no room in time, or there was none
    /// @throws NoReceiver if there is no receiver, with [BroadcastOptions#strict]
    /// @throws dev.ipcchannel.MessageTooLarge if the message is longer than the channel carries
    /// @throws dev.ipcchannel.CodecFailed if it cannot be turned into bytes
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors for it cannot be had
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or while it waits
    /// @throws IllegalStateException if it does not send
    /// @throws IllegalArgumentException if the timeout is none
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is sent
    public void send(T message, long timeout) throws InterruptedException {
        Argument.given(message, "message");
        Libipc.check(name(), timeout);
        Connection<T> current = connections.current();
        try {
            current.sender().send(message, timeout);
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_SENT, current, failure);
        }
    }

    /// Sends a message if all who receive have room now. Never waits. Throws what
    /// [#send(Object, long)] throws, but for `TimedOut`.
    ///
    /// @return false if one has none, or there is no receiver
    public boolean trySend(T message) {
        Connection<T> current = connections.current();
        try {
            return current.sender().trySend(message);
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_SENT, current, failure);
        }
    }

    /// Sends a message to all who receive, if they have room in time. Throws what
    /// [#send(Object, long)] throws, but for `TimedOut`.
    ///
    /// @param timeout how long to wait: 0 and [#IMMEDIATE] are not at all
    /// @return false if one had no room, or there was no receiver
    public boolean trySend(T message, long timeout) throws InterruptedException {
        Argument.given(message, "message");
        Libipc.check(name(), timeout);
        if (timeout <= 0) {
            return trySend(message);
        }
        try {
            send(message, timeout);
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    /// Receives a message, waiting as long as it takes. Throws what [#receive(long)] throws, but
    /// for `TimedOut`.
    public T receive() throws InterruptedException {
        return receive(INFINITE);
    }

    /// Receives a message. What is missing before it was told by then ([#onGap]).
    ///
    /// @param timeout how long to wait: 0 is for ever
    /// @throws TimedOut if no message came in time
    /// @throws dev.ipcchannel.CodecFailed if the bytes are no message; it is consumed, and the
    /// channel goes on
    /// @throws dev.ipcchannel.ProtocolViolation if a sender broke the format; it is cut off, and
    /// the channel goes on
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors for it cannot be had
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or while it waits
    /// @throws IllegalStateException if it does not receive, or if a handler, a codec or an action
    /// of [#onGap] of this channel calls this while it runs
    /// @throws IllegalArgumentException if the timeout is none
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public T receive(long timeout) throws InterruptedException {
        Libipc.check(name(), timeout);
        Connection<T> current = connections.current();
        try {
            return current.receiver().receive(timeout);
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_RECEIVED, current, failure);
        }
    }

    /// Receives a message that is there. Never waits. Throws what [#receive(long)] throws, but for
    /// `TimedOut`.
    ///
    /// @return null if there is none, or another thread receives
    public @Nullable T tryReceive() {
        Connection<T> current = connections.current();
        try {
            return current.receiver().tryReceive();
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_RECEIVED, current, failure);
        }
    }

    /// Reads messages in place: waits for the first as long as it takes, then hands on those that
    /// are there. Throws what [#receive(MessageHandler, int, long)] throws, but for `TimedOut`.
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return receive(handler, limit, INFINITE);
    }

    /// Reads messages in place, as bytes, whatever their type. Nothing is copied. Their sender can
    /// still change them; other receivers cannot. The action of [#onGap] has run for the messages
    /// that are missing before each one. Throws what [#receive(long)] throws. What the handler
    /// throws is thrown here, and the message that it has is received. It may send, but not receive
    /// from this channel.
    ///
    /// @param handler gets each message, with the first byte at a multiple of 8; others do not
    /// receive meanwhile
    /// @param limit how many messages at most; at least 1
    /// @param timeout how long to wait for the first: 0 is for ever
    /// @return how many messages were handled, at least 1
    /// @throws TimedOut if no message came in time
    /// @throws InterruptedException if the thread is interrupted while it waits; no message is lost
    public int receive(MessageHandler handler, int limit, long timeout)
            throws InterruptedException {
        checkInPlace(handler, limit);
        Libipc.check(name(), timeout);
        Connection<T> current = connections.current();
        try {
            return current.receiver().receive(handler, limit, timeout);
        } catch (RuntimeException failure) {
            throw connections.failedInPlace(Libipc.NOT_RECEIVED, current, failure);
        }
    }

    /// Reads in place those messages that are there. Never waits. Throws what
    /// [#receive(MessageHandler, int, long)] throws, but for `TimedOut`.
    ///
    /// @return how many messages were handled: 0 if there is none, or another thread receives
    public int tryReceive(MessageHandler handler, int limit) {
        checkInPlace(handler, limit);
        Connection<T> current = connections.current();
        try {
            return current.receiver().tryReceive(handler, limit);
        } catch (RuntimeException failure) {
            throw connections.failedInPlace(Libipc.NOT_RECEIVED, current, failure);
        }
    }

    private void checkInPlace(MessageHandler handler, int limit) {
        Argument.given(handler, "handler");
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1: name=%s, limit=%d"
                    .formatted(name(), limit));
        }
    }

    /// How many receive by this name now: those whom a message of this channel reaches, or, where
    /// it does not send, those that the directory of names has, itself among them.
    ///
    /// @return 0 if it is not connected, -1 if it is closed
    /// @throws dev.ipcchannel.ResourceExhausted if the directory cannot be read
    public int receiverCount() {
        return connections.receiverCount();
    }

    /// Waits for so many receivers, as [#receiverCount] counts them, as long as it takes. Throws
    /// what [#waitForReceivers(int, long)] throws.
    public boolean waitForReceivers(int count) throws InterruptedException {
        return waitForReceivers(count, INFINITE);
    }

    /// Waits for so many receivers at once, as [#receiverCount] counts them.
    ///
    /// @param timeout how long to wait: 0 is for ever
    /// @return false if there were not so many in time
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or while it waits
    /// @throws IllegalArgumentException if the count is negative, or the timeout none
    public boolean waitForReceivers(int count, long timeout) throws InterruptedException {
        Libipc.check(name(), timeout);
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: name=%s, count=%d"
                    .formatted(name(), count));
        }
        Connection<T> current = connections.current();
        try {
            return current.waitForReceivers(count, Libipc.waitTime(timeout));
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_WAITED, current, failure);
        }
    }

    /// Has `action` run where messages are missing, which a sender has dropped for this receiver:
    /// on the thread that receives, before it returns the next message of that sender, with the
    /// number of those that are missing. It replaces the one before. It may not receive from this
    /// channel. What it throws is logged.
    public void onGap(LongConsumer action) {
        channel.gaps().whenMissing(action);
    }

    /// How many messages are missing here, of those that were sent while this channel was
    /// connected.
    public long lost() {
        return channel.gaps().lost();
    }

    /// How many messages of this channel were dropped, each counted for each receiver that did not
    /// get it.
    public long dropped() {
        return channel.dropped().get();
    }

    /// How many messages of its present connection were dropped for each receiver that is there
    /// now. Reads the directory of names, which says who that is.
    ///
    /// @return none if it is not connected
    /// @throws IllegalStateException if it does not send
    public Map<NamedMember, Long> droppedByReceiver() {
        return connections.droppedByReceiver();
    }

    /// Whether it is connected.
    public boolean isConnected() {
        return connections.isConnected();
    }

    /// Whether it is closed.
    public boolean isClosed() {
        return connections.isClosed();
    }

    /// Closes it; threads that wait in it are woken with [EndClosed]. What was sent is still
    /// received by the others; what is kept for those that are not there, or are slow, stays so for
    /// [BroadcastOptions#linger], for which the exit of this process waits. This returns at once.
    /// The second and later closes do nothing.
    @Override
    public void close() {
        connections.close();
    }

    @Override
    public String toString() {
        return "IpcChannel[" + connections + "]";
    }
}
