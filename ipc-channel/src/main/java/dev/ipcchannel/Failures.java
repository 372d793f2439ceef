package dev.ipcchannel;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.Platform;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.rendezvous.RendezvousException;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.value.CodecException;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.PeerAccount;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The one translation of internal exceptions into [IpcException]s. An internal exception with the
/// same message is left out: the cause is the first exception after it that says something else.
final class Failures {

    static {
        // Loaded early, as in Platform: later, when they are needed, loading may fail.
        Class<?>[] _ = {LaneException.class, LaneException.Kind.class, LaneException.End.class,
            CodecException.class, RendezvousException.class, ResourceExhausted.class,
            SystemCallFailed.class, Disconnected.class, EndClosed.class, TimedOut.class,
            CodecFailed.class, ProtocolViolation.class, MessageTooLarge.class, TypeMismatch.class};
        // Loads what the compiler makes of a switch over an enum.
        IpcException _ = translate(new LaneException(LaneException.Kind.CLOSED, ""), "");
        String _ = ShownTime.of(Duration.ZERO);
    }

    private Failures() {}

    /// Checks that the library can run in this JVM. Every public entry point calls this first.
    static void checkPlatform() {
        String refusal = Platform.refusal();
        if (refusal != null) {
            throw new UnsupportedPlatform(refusal);
        }
    }

    /// The public exception for an internal one, or for a lack of heap in a call that has neither
    /// sent nor taken anything. All others, a caller's mistake for instance, are returned as they
    /// are.
    ///
    /// @param failure a [RuntimeException] or an [OutOfMemoryError]
    static RuntimeException translate(Throwable failure) {
        return translate(failure, "");
    }

    /// @param name of the end that failed, put before a sentence that lacks it; empty if the end
    /// has none
    static RuntimeException translate(Throwable failure, String name) {
        return switch (failure) {
            case LaneException lane -> translate(lane, name);
            case PosixException call when call.isExhaustion() -> new ResourceExhausted(
                    named(name, "out of resources: " + call.getMessage() + remedy(call)), call);
            case PosixException call when call.isMemoryDenied() -> new SystemCallFailed(
                    named(name, "memory cannot be shared here: " + call.getMessage()
                            + (name.isEmpty()
                                    ? ": allow memfd_create, or have workers reached by"
                                            + " Transport.unix()"
                                    : ": allow memfd_create")),
                    call);
            case PosixException call -> new SystemCallFailed(
                    named(name, String.valueOf(call.getMessage())), call.getCause());
            case CodecException codec ->
                    new CodecFailed(String.valueOf(codec.getMessage()), codec.getCause());
            case RendezvousException rendezvous -> translate(rendezvous);
            case RuntimeException other -> other;
            case OutOfMemoryError lack ->
                    outOfMemory("nothing was sent or taken, since the heap has no room for it",
                            lack);
            default -> throw new IllegalArgumentException(failure);
        };
    }

    /// A sentence with the name in it. The name is empty if the end has none.
    static String named(String name, String sentence) {
        return name.isEmpty() || sentence.contains("name=" + name) ? sentence
                : "name=" + name + ": " + sentence;
    }

    /// @param what has happened to the message
    static ResourceExhausted outOfMemory(String what, OutOfMemoryError lack) {
        // No formatter: the first one of a JVM loads classes, which the heap may have no room for.
        return new ResourceExhausted(what + ": " + lack.getMessage() + ", heap="
                + Runtime.getRuntime().maxMemory() + ": raise -Xmx", lack);
    }

    /// The moment `timeout` from now.
    ///
    /// @throws ResourceExhausted if the heap has no room for it
    static Deadline deadline(Duration timeout) {
        try {
            return Deadline.after(timeout);
        } catch (OutOfMemoryError lack) {
            throw translate(lack);
        }
    }

    private static String remedy(PosixException call) {
        return switch (call.errno()) {
            case Errno.EFBIG -> ": send less at once, or raise the limit of a file (ulimit -f)";
            case Errno.ENOMEM, Errno.ENOSPC ->
                    ": send less at once, or give the machine or the container more memory";
            default -> ": close channels not needed, or raise the limit (ulimit -n)";
        };
    }

    private static IpcException translate(RendezvousException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case NOBODY_THERE -> new Disconnected(message, failure.getCause());
            case QUEUE_FULL -> new TimedOut(message, failure.getCause());
            case REFUSED -> new HandshakeFailed(message, failure.getCause());
            case EXHAUSTED, NO_DIRECTORY -> new ResourceExhausted(message, failure.getCause());
        };
    }

    private static IpcException translate(LaneException failure, String name) {
        String message = named(name, String.valueOf(failure.getMessage()));
        return switch (failure.kind()) {
            case DISCONNECTED ->
                    new Disconnected(message, failure.isDeath(), report(failure),
                            causeOf(failure));
            case VIOLATION -> new ProtocolViolation(message, causeOf(failure));
            case MISMATCH -> new TypeMismatch(message, causeOf(failure));
            case EXHAUSTED, CROWDED, REFUSED ->
                    new ResourceExhausted(message, causeOf(failure));
            case NO_RECEIVER -> new NoReceiver(message, causeOf(failure));
            case TOO_LARGE -> new MessageTooLarge(message, causeOf(failure));
            case CLOSED -> new EndClosed(message, causeOf(failure));
        };
    }

    /// The first cause that is not the same failure in another form.
    private static @Nullable Throwable causeOf(LaneException failure) {
        Throwable cause = failure.getCause();
        while (cause instanceof LaneException || cause instanceof RingViolation) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static @Nullable ChildReport report(LaneException failure) {
        PeerAccount account = failure.account();
        return account == null || !account.isChild() ? null
                : new ChildReport(account.pid(), account.uptime(), account.exitCode(),
                        account.errorLines(), null, "", "", ChildReport.Cause.of(account.kill(),
                                account.exitCode(), account.errorLines(), null, null, null));
    }

    /// @param what has not happened, to be followed by `end`
    static TimedOut timedOut(String what, Object end, Duration timeout) {
        return timedOut(what, end, timeout, "");
    }

    /// @param rest further facts, with the comma before them
    /// @throws ResourceExhausted if the heap has no room for the words
    static TimedOut timedOut(String what, Object end, Duration timeout, String rest) {
        try {
            return new TimedOut(Deadline.passed(what + end, timeout) + rest);
        } catch (OutOfMemoryError lack) {
            throw outOfMemory("the time given is over, and nothing was sent or taken", lack);
        }
    }

    /// The failure of a message of more bytes than its channel's `limit`.
    ///
    /// @param type of the message
    static MessageTooLarge tooLong(long length, int limit, String type) {
        return new MessageTooLarge(
                "a message is longer than its channel carries: type=%s, length=%d, limit=%d: "
                        .formatted(type, length, limit)
                        + (length <= LaneSettings.MAX_MESSAGE
                                ? ("make the channel, or a child's Transport.shm, with"
                                        + " ChannelOptions.withMaxMessage(%d), or up to %d")
                                        .formatted(length, LaneSettings.MAX_MESSAGE)
                                : "no channel carries a longer one: send it as several messages, or"
                                        + " what is long in it as SharedBytes"));
    }
}
