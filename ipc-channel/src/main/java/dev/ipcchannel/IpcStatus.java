package dev.ipcchannel;

/// The status of a call as one number, for programs ported from libipc: each kind of [IpcException]
/// has one ([IpcException#status]).
///
/// The messages of `IpcChannel` ([dev.ipcchannel.named]) begin with its text. A Java program
/// distinguishes failures by their classes, which are finer.
public enum IpcStatus {

    /// The call has succeeded.
    SUCCESS(0, "Success"),

    /// A channel or a message cannot be used: the channel is closed, the message is too long, or a
    /// value or its bytes are not a message of the type. A wrong argument of a method is an
    /// `IllegalArgumentException`.
    INVALID_ARGUMENT(-1, "Invalid argument"),

    /// There is no connection: it could not be made, or has ended.
    CONNECTION_FAILED(-2, "Connection failed"),

    /// Nothing was sent, since there is no receiver for it now.
    SEND_FAILED(-3, "Send failed"),

    /// A message that has arrived, or the result of a call, cannot be given to the caller.
    RECEIVE_FAILED(-4, "Receive failed"),

    /// The time limit has passed.
    TIMEOUT(-5, "Timeout"),

    /// Memory, descriptors or another resource of the system cannot be had.
    MEMORY(-6, "Memory error");

    private final int code;
    private final String text;

    IpcStatus(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// Its number: 0 or negative.
    public int code() {
        return code;
    }

    /// Its words, in English.
    public String text() {
        return text;
    }

    /// The words for a number: those of its status, or `Unknown error (n)`.
    public static String text(int code) {
        for (IpcStatus status : values()) {
            if (status.code == code) {
                return status.text;
            }
        }
        return "Unknown error (" + code + ")";
    }

    /// The table of kinds and statuses, which docs/broadcast.md shows as well.
    static IpcStatus of(IpcException failure) {
        return switch (failure) {
            case CodecFailed _,EndClosed _,MessageTooLarge _ -> INVALID_ARGUMENT;
            case ChildFailed _,Disconnected _,HandshakeFailed _ -> CONNECTION_FAILED;
            case NodeUnreachable _ -> CONNECTION_FAILED;
            case TypeMismatch _,UnsupportedPlatform _,WorkerDied _ -> CONNECTION_FAILED;
            case NoReceiver _,WorkersBusy _ -> SEND_FAILED;
            case CallFailed _,ProtocolViolation _ -> RECEIVE_FAILED;
            case TimedOut _ -> TIMEOUT;
            case ResourceExhausted _,SystemCallFailed _ -> MEMORY;
        };
    }
}
