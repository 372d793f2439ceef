package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.process.ExitCode;
import dev.ipcchannel.internal.rendezvous.Child;
import dev.ipcchannel.internal.rendezvous.Connector;
import dev.ipcchannel.internal.rendezvous.Outcome;
import dev.ipcchannel.internal.rendezvous.PacketDoorway;
import dev.ipcchannel.internal.rendezvous.Rendezvous;
import dev.ipcchannel.internal.send.Outbox;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A server that accepts one message from one client. By it a child process hands its first channel
/// ends over to its parent.
///
/// The parent opens a server and passes [#name] to the child; the child connects and sends one
/// message, usually a record of ends; the parent's [#accept(Process, Duration)] returns it. Then
/// the server is closed. Only a process of the same user that knows the name is accepted; others
/// are turned away and counted, and the wait goes on.
///
/// ```java
/// record Ends(Sender<String> requests, Receiver<String> replies) {}
///
/// // parent
/// try (var server = OneShotServer.open(Ends.class)) {
///     Process child = new ProcessBuilder(java, "-jar", "child.jar", server.name()).start();
///     Ends ends = server.accept(child, Duration.ofSeconds(10));
/// }
/// // child
/// try (Sender<Ends> parent = OneShotServer.connect(name, Ends.class)) {
///     parent.send(new Ends(requests.sender(), replies.receiver()));
/// }
/// ```
///
/// @param <T> the type of the message
public final class OneShotServer<T> implements AutoCloseable {

    private static final String NO_CLIENT =
            ": see that a client is given this name, and calls OneShotServer.connect";
    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
    private static final long NO_PID = -1; // 0 is a process outside our pid namespace

    private final Rendezvous<Incoming> rendezvous;
    private final Codec<T> codec;
    private volatile long clientPid = NO_PID;

    private OneShotServer(Rendezvous<Incoming> rendezvous, Codec<T> codec) {
        this.rendezvous = rendezvous;
        this.codec = codec;
    }

    /// Opens a server in a directory of its own, below `$XDG_RUNTIME_DIR` or the temporary
    /// directory.
    ///
    /// @throws IllegalArgumentException if there is no codec for the type, see [Codec#of]
    /// @throws ResourceExhausted if there is no directory for the socket, or descriptors have run
    /// out
    /// @throws UnsupportedPlatform if the library cannot run in this JVM
    public static <T> OneShotServer<T> open(Class<T> type) {
        return open(Codec.of(type));
    }

    /// Opens a server for a message of a generic type. Throws what [#open(Class)] throws.
    public static <T> OneShotServer<T> open(TypeToken<T> type) {
        return open(Codec.of(type));
    }

    /// Opens a server for a message that goes through `codec`. Throws what [#open(Class)] throws.
    public static <T> OneShotServer<T> open(Codec<T> codec) {
        Argument.given(codec, "codec");
        Failures.checkPlatform();
        try {
            return of(Rendezvous.open(new PacketDoorway(ChannelOptions.defaults().settings(codec))),
                    codec);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    private static <T> OneShotServer<T> of(Rendezvous<Incoming> rendezvous, Codec<T> codec) {
        try {
            return new OneShotServer<>(rendezvous, codec);
        } catch (OutOfMemoryError failure) {
            rendezvous.close();
            throw failure;
        }
    }

    /// The name that the client passes to [#connect]: a path to which the library adds no spaces,
    /// to be given as an argument or in the environment.
    ///
    /// It is no secret: the directory's permissions and a check of the user keep others out.
    public String name() {
        return rendezvous.name();
    }

    /// Waits for `child`, or a process that it started, to connect and send its message.
    ///
    /// Any thread may call it, one at a time. The message of a child that connects, sends and exits
    /// at once is received. If the child's output is captured, use
    /// [dev.ipcchannel.child.ChildOutput], whose `accept` adds the child's last error lines to its
    /// exceptions.
    ///
    /// @throws ChildFailed if the child ended before it, or a process that it started, had
    /// connected
    /// @throws TimedOut if the message did not come within `timeout`
    /// @throws HandshakeFailed if the child connected and does not use this library, or uses
    /// another version
    /// @throws TypeMismatch if the child's message is of another type
    /// @throws CodecFailed if the bytes of the child's message are not a `T`
    /// @throws EndClosed if the server is closed, or has accepted a client, before or during the
    /// wait
    /// @throws InterruptedException if the thread is interrupted while it waits; the server remains
    /// open
    public T accept(Process child, Duration timeout) throws InterruptedException {
        Child awaited = Child.of(Argument.given(child, "child"));
        return first(awaited, awaited.terms(), timeout);
    }

    /// Waits for any process of this user to connect and send its message: for a client started by
    /// hand. Throws what [#accept(Process, Duration)] throws, except `ChildFailed`.
    public T accept(Duration timeout) throws InterruptedException {
        return first(null, null, timeout);
    }

    /// The process that was accepted. It may be a descendant of the awaited child. 0 if it is in a
    /// pid namespace that this process cannot see.
    ///
    /// @throws IllegalStateException before an `accept` has returned
    public long clientPid() {
        if (clientPid == NO_PID) {
            throw new IllegalStateException("no client has connected yet: name=" + name());
        }
        return clientPid;
    }

    /// How many connections were turned away: those of other users, those silent for two seconds or
    /// while many others waited, and those that did not keep to the protocol.
    public int rejectedPeers() {
        return rendezvous.rejected();
    }

    /// Connects to the server called `name`, waiting at most 10 seconds for room in its queue; an
    /// interrupt does not end that wait. The sender returned is for one message, which the server's
    /// `accept` returns.
    ///
    /// If the server does not accept this client, the sender throws the reason: a [TypeMismatch] if
    /// the types differ, else a [Disconnected]. So does each of the caller's ends whose other end
    /// was in the message, such as a receiver for replies. The ends in the message may be gone
    /// before the reason arrives. Until it arrives, `tryReceive` returns null and `trySend` throws
    /// [Disconnected] without the reason. A call that waits gives the server one second in all,
    /// within the call's own time limit, before it does the same. A later call has the reason.
    ///
    /// @throws IllegalArgumentException if `name` cannot be the name of a server, or there is no
    /// codec for the type
    /// @throws Disconnected if no server of that name waits any more
    /// @throws TimedOut if the server's queue was full for all of that time
    /// @throws ResourceExhausted if descriptors have run out, or too many are in flight
    /// @throws HandshakeFailed if the socket there belongs to another user, or is not such a server
    /// @throws UnsupportedPlatform if the library cannot run in this JVM
    public static <T> Sender<T> connect(String name, Class<T> type) {
        return connect(name, Codec.of(type));
    }

    /// Connects for a message of a generic type. Throws what [#connect(String, Class)] throws.
    public static <T> Sender<T> connect(String name, TypeToken<T> type) {
        return connect(name, Codec.of(type));
    }

    /// Connects with a codec of the caller's own. Throws what [#connect(String, Class)] throws.
    public static <T> Sender<T> connect(String name, Codec<T> codec) {
        Argument.given(name, "name");
        Argument.given(codec, "codec");
        Failures.checkPlatform();
        try {
            Outbox outbox = Connector.connect(name, ChannelOptions.defaults().settings(codec),
                    Deadline.after(DEFAULT_PATIENCE));
            return firstSender(outbox, codec);
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
    }

    private static <T> Sender<T> firstSender(Outbox outbox, Codec<T> codec) {
        boolean isMade = false;
        try {
            Sender<T> sender = Sender.first(outbox.share(), codec, null);
            isMade = true;
            return sender;
        } finally {
            if (!isMade) { // else the connection would last until the server ends
                outbox.withdraw();
            }
        }
    }

    /// Closes the server; a thread that waits in `accept` is woken with [EndClosed]. The second and
    /// later closes do nothing.
    @Override
    public void close() {
        rendezvous.close();
    }

    @Override
    public String toString() {
        return "OneShotServer[" + name() + "]";
    }

    /// Waits for a child, or for any process, that keeps to these terms.
    T first(@Nullable Child child, Child.@Nullable Terms terms, Duration timeout)
            throws InterruptedException {
        Outcome<T> outcome;
        try {
            outcome = rendezvous.accept(child, new CheckedFirstMessage<>(codec, child, terms),
                    Deadline.after(timeout));
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        }
        return switch (outcome) {
            case Outcome.Accepted<T>(T message, long pid) -> {
                clientPid = pid;
                yield message;
            }
            case Outcome.ChildEnded<T> ended -> throw new ChildFailed(
                    "the child ended before it %s: %s%s".formatted(ended.undone(),
                            ended.turnedAway().isEmpty() ? describeEarly(ended.exitCode())
                                    : ExitCode.describe(ended.exitCode()),
                            ended.turnedAway() + lastWords(child)));
            case Outcome.TimedOut<T>(boolean isClientThere, String turnedAway) ->
                    throw Failures.timedOut(isClientThere
                            ? "a client connected, and sent no first message" : child == null
                                    ? "no client connected" : "the child did not connect",
                            "", timeout, (child == null ? ", server=" + name()
                                    : ", pid=" + child.process().pid())
                                    + turnedAway + lastWords(child)
                                    + (isClientThere || child != null || !turnedAway.isEmpty()
                                            ? "" : NO_CLIENT));
        };
    }

    /// The words for the exit code of a child that ended before it connected.
    private static String describeEarly(int exitCode) {
        return exitCode == 0
                ? "exit=0: see that it is the right program, and that it gets the server's name"
                : ExitCode.describe(exitCode);
    }

    /// The last error lines of a child, to be put after a sentence.
    private static String lastWords(@Nullable Child child) {
        return child == null ? "" : PeerAccount.quote(child.errorLines(true));
    }
}
