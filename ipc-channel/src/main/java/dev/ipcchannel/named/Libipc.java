package dev.ipcchannel.named;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.IpcStatus;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.NodeUnreachable;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.UnsupportedPlatform;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;

/// The error texts and the times of libipc: the beginning of each failure of a broadcast channel,
/// and the meaning of a number of milliseconds.
final class Libipc {

    static final String NOT_SENT = "Failed to send data";
    static final String NOT_RECEIVED = "Failed to receive data";
    static final String NOT_WAITED = "Failed to wait for receivers";
    static final String NOT_COUNTED = "Failed to count receivers"; // libipc has no text for it

    private static final String CLOSED = "Channel is closed";
    private static final String NOT_CONNECTED = "Channel not connected";
    private static final Duration DEFAULT_SEND = Duration.ofMillis(100);

    static { // loads classes, while there are descriptors
        IpcException _ = failure(NOT_SENT, new ResourceExhausted(""));
    }

    private Libipc() {}

    static String notCreated(String name) {
        return "Failed to create channel '" + name + "'";
    }

    static EndClosed closed(String name) {
        return new EndClosed(text(IpcStatus.INVALID_ARGUMENT, CLOSED,
                "name=%s: open another one".formatted(name)));
    }

    static Disconnected notConnected(String name) {
        return new Disconnected(text(IpcStatus.CONNECTION_FAILED, NOT_CONNECTED,
                "name=%s: call connect first".formatted(name)));
    }

    /// The same failure, with libipc's text before its own.
    ///
    /// @param detail the words for what has failed
    static IpcException failure(String detail, IpcException failure) {
        String text = text(failure.status(), detail, String.valueOf(failure.getMessage()));
        return switch (failure) {
            case CodecFailed _ -> new CodecFailed(text, failure);
            case Disconnected end -> new Disconnected(text, end.isDeath(), end.report(), failure);
            case EndClosed _ -> new EndClosed(text, failure);
            case HandshakeFailed _ -> new HandshakeFailed(text, failure);
            case MessageTooLarge _ -> new MessageTooLarge(text, failure);
            case NoReceiver _ -> new NoReceiver(text, failure);
            case ProtocolViolation _ -> new ProtocolViolation(text, failure);
            case ResourceExhausted _ -> new ResourceExhausted(text, failure);
            case SystemCallFailed _ -> new SystemCallFailed(text, failure);
            case TimedOut late -> new TimedOut(text, late.report(), failure);
            case TypeMismatch _ -> new TypeMismatch(text, failure);
            case UnsupportedPlatform _ -> new UnsupportedPlatform(text, failure);
            // not of a channel
            case CallFailed _,ChildFailed _,NodeUnreachable _,WorkerDied _,WorkersBusy _ -> failure;
        };
    }

    /// The failure to open a channel, with libipc's text if it is an exception of the library.
    static RuntimeException notOpened(String name, RuntimeException failure) {
        RuntimeException translated = EndAccess.translate(failure, name);
        return translated instanceof IpcException known ? failure(notCreated(name), known)
                : translated;
    }

    private static String text(IpcStatus status, String detail, String rest) {
        return status.text() + ": " + detail + ": " + rest;
    }

    /// Checks a name, and that the library can run here.
    ///
    /// @throws IllegalArgumentException if it is not valid
    static void checkName(String name) {
        try {
            Opening.check(name);
        } catch (IpcException failure) {
            throw failure(notCreated(name), failure);
        }
    }

    /// How long a send waits.
    static Duration sendTime(long millis) {
        return millis == 0 ? DEFAULT_SEND : time(millis);
    }

    /// The deadline of any call but a send.
    static Deadline deadline(long millis) {
        return millis == 0 || millis == IpcChannel.INFINITE ? Deadline.NEVER
                : Deadline.after(waitTime(millis));
    }

    /// How long any call but a send waits: 0 is for ever.
    static Duration waitTime(long millis) {
        return time(millis == 0 ? IpcChannel.INFINITE : millis);
    }

    private static Duration time(long millis) {
        return millis == IpcChannel.IMMEDIATE ? Duration.ZERO : Duration.ofMillis(millis);
    }

    /// Checks a time.
    ///
    /// @param name of the channel
    /// @throws IllegalArgumentException if it is not valid
    static void check(String name, long millis) {
        if (millis < IpcChannel.IMMEDIATE) {
            throw new IllegalArgumentException(IpcStatus.INVALID_ARGUMENT.text() + ": a time is in"
                    + (" milliseconds, or one of IpcChannel.IMMEDIATE and INFINITE: name=%s,"
                            + " timeout=%d")
                            .formatted(name, millis));
        }
    }
}
