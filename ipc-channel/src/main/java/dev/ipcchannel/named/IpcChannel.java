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

/// A broadcast channel by name, with the interface of libipc: each message goes to all receivers of
/// that name.
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
/// Times are in milliseconds, with the meaning that they have in libipc: 0 is 100 ms for a [#send],
/// and for ever for a [#receive] and [#waitForReceivers]. [#IMMEDIATE] does not wait, and
/// [#INFINITE] waits without end. Each failure has a status of libipc ([IpcException#status]), and
/// its message begins with the text of that status.
///
/// Any number of threads may use a channel. One thread receives at a time, and the others wait.
/// Each message goes to one of the threads.
///
/// Longer than other files: it documents each operation of libipc; the work is done in other
/// classes.
///
/// @param <T> the type of the messages
public final class IpcChannel<T> implements AutoCloseable {

    /// The timeout that does not wait.
    public static final long IMMEDIATE = -1;

    /// The timeout without end.
    public static final long INFINITE = Long.MAX_VALUE;

    private final Broadcast<T> channel;
    private final Connections<T> connections;

    private IpcChannel(Broadcast<T> channel, ConnMode mode) {
        this.channel = channel;
        this.connections = new Connections<>(channel, mode);
    }

    /// Opens a name for bytes, and connects. Throws what [#open(ChannelType, String, ConnMode,
    /// Codec, BroadcastOptions)] throws.
    public static IpcChannel<byte[]> open(ChannelType type, String name, ConnMode mode)
            throws InterruptedException {
        return open(type, name, mode, BroadcastOptions.defaults());
    }

    /// Opens a name for bytes, and connects. Throws what [#open(ChannelType, String, ConnMode,
    /// Codec, BroadcastOptions)] throws.
    public static IpcChannel<byte[]> open(ChannelType type, String name, ConnMode mode,
            BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.bytes(), options);
    }

    /// Opens a name for messages of a type, and connects. Throws what [#open(ChannelType, String,
    /// ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            Class<T> messages) throws InterruptedException {
        return open(type, name, mode, messages, BroadcastOptions.defaults());
    }

    /// Opens a name for messages of a type, and connects. Throws what [#open(ChannelType, String,
    /// ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            Class<T> messages, BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.of(Argument.given(messages, "messages")), options);
    }

    /// Opens a name for messages of a type, and connects. Throws what [#open(ChannelType, String,
    /// ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            TypeToken<T> messages) throws InterruptedException {
        return open(type, name, mode, messages, BroadcastOptions.defaults());
    }

    /// Opens a name for messages of a type, and connects. Throws what [#open(ChannelType, String,
    /// ConnMode, Codec, BroadcastOptions)] throws.
    public static <T> IpcChannel<T> open(ChannelType type, String name, ConnMode mode,
            TypeToken<T> messages, BroadcastOptions options) throws InterruptedException {
        return open(type, name, mode, Codec.of(Argument.given(messages, "messages")), options);
    }

    /// Opens a name for messages that go through `codec`, and connects. Waits for the present
    /// members of the other side, two seconds at most.
    ///
    /// @throws IllegalArgumentException if the name is not valid (1 to 200 bytes of UTF-8, without
    /// `/` and control characters), or if the messages have ends of channels in them
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open as the other [ChannelType], is a
    /// [ChannelType#ROUTE] that has a sender, or is open in a process with another version, or if
    /// there is no usable directory of names
    /// @throws dev.ipcchannel.TypeMismatch if the name is open for messages of another type
    /// @throws TimedOut if another process, which is stopped, has the name locked
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

    /// Sends one message on a [ChannelType#CHANNEL]. Throws what [#sendMessage(String, byte[],
    /// ChannelType)] throws.
    public static void sendMessage(String name, byte[] data) throws InterruptedException {
        sendMessage(name, data, ChannelType.CHANNEL);
    }

    /// Sends one message to all receivers of a name, and waits for room for 100 milliseconds at
    /// most.
    ///
    /// The sender that it opens is kept for a second for the next call, so messages of one thread
    /// arrive in order. Throws what [#open(ChannelType, String, ConnMode)] and [#send(Object)]
    /// throw.
    public static void sendMessage(String name, byte[] data, ChannelType type)
            throws InterruptedException {
        KeptSender.send(Argument.given(type, "type"), Argument.given(name, "name"),
                Argument.given(data, "data"));
    }

    /// Receives one message of a [ChannelType#CHANNEL], and waits as long as it takes. Throws what
    /// [#receiveMessage(String, long, ChannelType)] throws.
    public static byte[] receiveMessage(String name) throws InterruptedException {
        return receiveMessage(name, INFINITE, ChannelType.CHANNEL);
    }

    /// Receives one message of a [ChannelType#CHANNEL]. Throws what [#receiveMessage(String, long,
    /// ChannelType)] throws.
    public static byte[] receiveMessage(String name, long timeout) throws InterruptedException {
        return receiveMessage(name, timeout, ChannelType.CHANNEL);
    }

    /// Opens a name, receives one message that is sent while this call waits, and closes the
    /// channel. Throws what [#open(ChannelType, String, ConnMode)] and [#receive(long)] throw.
    ///
    /// @param timeout how long to wait: 0 is for ever
    public static byte[] receiveMessage(String name, long timeout, ChannelType type)
            throws InterruptedException {
        Libipc.check(name, timeout);
        try (IpcChannel<byte[]> channel = open(type, name, ConnMode.RECEIVER)) {
            return channel.receive(timeout);
        }
    }

    /// Removes the files that dead processes have left of a name. Living members are not affected,
    /// and the log names them. Programs do not need this: the next open of the name does it as
    /// well.
    ///
    /// @return the number of ends of dead processes
    /// @throws IllegalArgumentException if the name is not valid
    /// @throws TimedOut if another process, which is stopped, has the name locked
    /// @throws dev.ipcchannel.HandshakeFailed if the directory of names cannot be used
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

    /// The form of the channel.
    public ChannelType type() {
        return channel.type();
    }

    /// The name of the channel.
    public String name() {
        return channel.name();
    }

    /// The mode of the channel's connection; while it is not connected, that of the last
    /// connection.
    public ConnMode mode() {
        return connections.mode();
    }

    /// Connects again after a [#disconnect], in the same mode. Does nothing if it is connected.
    /// Throws what [#connect(ConnMode)] throws.
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

    /// Leaves the name. When this returns, no sender counts this channel, and messages not yet
    /// received are dropped. Waits for the senders, two seconds at most. Does nothing if it is not
    /// connected.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; the channel is
    /// disconnected
    public void disconnect() throws InterruptedException {
        connections.disconnect();
    }

    /// Sends a message to all receivers, and waits for room for 100 milliseconds at most. While
    /// there is no receiver, messages are kept for the first that comes, up to 256 messages and 64
    /// MiB. Throws what [#send(Object, long)] throws.
    public void send(T message) throws InterruptedException {
        send(message, 0);
    }

    /// Sends a message to all receivers.
    ///
    /// @param timeout how long to wait for room and for a receiver: 0 is 100 milliseconds, and then
    /// a message without a receiver is kept
    /// @throws TimedOut if a receiver had no room in time, or there was no receiver
    /// @throws NoReceiver if there is no receiver, with [BroadcastOptions#strict]
    /// @throws dev.ipcchannel.MessageTooLarge if the message is longer than the channel carries
    /// @throws dev.ipcchannel.CodecFailed if the message cannot be turned into bytes
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or during the wait
    /// @throws IllegalStateException if the channel does not send
    /// @throws IllegalArgumentException if the timeout is not valid
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

    /// Sends a message if all receivers have room now. Never waits. Throws what [#send(Object,
    /// long)] throws, except `TimedOut`.
    ///
    /// @return false if a receiver has no room, or there is none
    public boolean trySend(T message) {
        Connection<T> current = connections.current();
        try {
            return current.sender().trySend(message);
        } catch (IpcException failure) {
            throw connections.failed(Libipc.NOT_SENT, current, failure);
        }
    }

    /// Sends a message to all receivers if they have room in time. Throws what [#send(Object,
    /// long)] throws, except `TimedOut`.
    ///
    /// @param timeout how long to wait: with 0 and [#IMMEDIATE], not at all
    /// @return false if a receiver had no room, or there was none
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

    /// Receives a message, and waits as long as it takes. Throws what [#receive(long)] throws,
    /// except `TimedOut`.
    public T receive() throws InterruptedException {
        return receive(INFINITE);
    }

    /// Receives a message. If messages are missing before it, the action of [#onGap] has run by
    /// then.
    ///
    /// @param timeout how long to wait: 0 is for ever
    /// @throws TimedOut if no message came in time
    /// @throws dev.ipcchannel.CodecFailed if the bytes are not a message; it is consumed, and the
    /// channel goes on
    /// @throws dev.ipcchannel.ProtocolViolation if a sender broke the format; that sender is cut
    /// off, and the channel goes on
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or during the wait
    /// @throws IllegalStateException if the channel does not receive, or if a handler, a codec or
    /// an action of [#onGap] of this channel calls this while it runs
    /// @throws IllegalArgumentException if the timeout is not valid
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

    /// Receives a message if one is there. Never waits. Throws what [#receive(long)] throws, except
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

    /// Reads messages in place: waits for the first as long as it takes, then hands on all that are
    /// there. Throws what [#receive(MessageHandler, int, long)] throws, except `TimedOut`.
    public int receive(MessageHandler handler, int limit) throws InterruptedException {
        return receive(handler, limit, INFINITE);
    }

    /// Reads messages in place, as bytes, whatever their type. Nothing is copied. The sender of a
    /// message can still change its bytes; other receivers cannot. If messages are missing before a
    /// message, the action of [#onGap] has run by then. The handler may send, but may not receive
    /// from this channel. If it throws, its message counts as received and the exception is thrown
    /// here. Throws what [#receive(long)] throws.
    ///
    /// @param handler gets each message, with the first byte at a multiple of 8; no other thread
    /// receives meanwhile
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

    /// Reads in place the messages that are there. Never waits. Throws what
    /// [#receive(MessageHandler, int, long)] throws, except `TimedOut`.
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

    /// The number of receivers of this name now: those that a message of this channel reaches; for
    /// a channel that does not send, those in the directory of names, itself included.
    ///
    /// @return 0 if it is not connected, -1 if it is closed
    /// @throws dev.ipcchannel.ResourceExhausted if the directory cannot be read
    public int receiverCount() {
        return connections.receiverCount();
    }

    /// Waits as long as it takes until there are `count` receivers, as [#receiverCount] counts
    /// them. Throws what [#waitForReceivers(int, long)] throws.
    public boolean waitForReceivers(int count) throws InterruptedException {
        return waitForReceivers(count, INFINITE);
    }

    /// Waits until there are `count` receivers at once, as [#receiverCount] counts them.
    ///
    /// @param timeout how long to wait: 0 is for ever
    /// @return false if there were too few in time
    /// @throws Disconnected if the channel is not connected
    /// @throws EndClosed if the channel is closed, before or during the wait
    /// @throws IllegalArgumentException if the count is negative, or the timeout is not valid
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

    /// Sets the action that runs when messages are missing, since a sender has dropped them for
    /// this receiver. It runs on the receiving thread, before that returns the next message of the
    /// sender, with the number of missing messages. It replaces an earlier action. It may not
    /// receive from this channel. Its exceptions are logged.
    public void onGap(LongConsumer action) {
        channel.gaps().whenMissing(action);
    }

    /// The number of messages missing here, of those sent while this channel was connected.
    public long lost() {
        return channel.gaps().lost();
    }

    /// The number of messages of this channel that were dropped, counted once for each receiver
    /// that did not get them.
    public long dropped() {
        return channel.dropped().get();
    }

    /// The number of dropped messages of the present connection, for each receiver that is there
    /// now. Reads the directory of names for the descriptions of the receivers.
    ///
    /// @return an empty map if it is not connected
    /// @throws IllegalStateException if the channel does not send
    public Map<NamedMember, Long> droppedByReceiver() {
        return connections.droppedByReceiver();
    }

    /// Whether the channel is connected.
    public boolean isConnected() {
        return connections.isConnected();
    }

    /// Whether the channel is closed.
    public boolean isClosed() {
        return connections.isClosed();
    }

    /// Closes the channel; threads that wait in it are woken with [EndClosed]. Messages already
    /// sent are still received. Messages kept for absent or slow receivers are kept for the time of
    /// [BroadcastOptions#linger], and the exit of this process waits for that; this method returns
    /// at once. The second and later closes do nothing.
    @Override
    public void close() {
        connections.close();
    }

    @Override
    public String toString() {
        return "IpcChannel[" + connections + "]";
    }
}
