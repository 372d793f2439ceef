package dev.ipcchannel;

/// The status of a call as one number, as programs know it that come from libipc: each kind of
/// [IpcException] has one ([IpcException#status]).
///
/// The messages of `IpcChannel` ([dev.ipcchannel.named]) begin with its text. A Java program tells
/// failures apart by their kinds, which say more.
public enum IpcStatus {

    /// The call has done what it says.
    SUCCESS(0, "Success"),

    /// What was given cannot be used: a channel that is closed, a message that is too long, or a
    /// value, or bytes, that are no message of the type. A wrong argument of a method is an
    /// `IllegalArgumentException`.
    INVALID_ARGUMENT(-1, "Invalid argument"),

    /// There is no connection: it cannot be made, or has ended.
    CONNECTION_FAILED(-2, "Connection failed"),

    /// Nothing was sent, for there is nothing that takes it now.
    SEND_FAILED(-3, "Send failed"),

    /// What has come, or what a call has come to, cannot be given to the caller.
    RECEIVE_FAILED(-4, "Receive failed"),

    /// The time given is over.
    TIMEOUT(-5, "Timeout"),

    /// Memory, descriptors or another resource of the system cannot be had.
    MEMORY(-6, "Memory error");

    private final int code;
    private final String text;

    IpcStatus(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// Its number: 0, or a negative one.
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

    /// The one table of what kind has which status; docs/broadcast.md shows it.
    static IpcStatus of(IpcException failure) {
        return switch (failure) {
            case CodecFailed _,EndClosed _,MessageTooLarge _ -> INVALID_ARGUMENT;
            case ChildFailed _,Disconnected _,HandshakeFailed _,TypeMismatch _,UnsupportedPlatform _,WorkerDied _ ->
                    CONNECTION_FAILED;
            case NoReceiver _,WorkersBusy _ -> SEND_FAILED;
            case CallFailed _,ProtocolViolation _ -> RECEIVE_FAILED;
            case TimedOut _ -> TIMEOUT;
            case ResourceExhausted _,SystemCallFailed _ -> MEMORY;
        };
    }
}
