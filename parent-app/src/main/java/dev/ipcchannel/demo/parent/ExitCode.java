package dev.ipcchannel.demo.parent;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.UnsupportedPlatform;

/// The meaning of the parent's exit code.
final class ExitCode {

    static final int DONE = 0;
    static final int WRONG_USAGE = 2; // or nothing can run here: the sentence says what to change
    static final int CHILD_FAILED = 3;
    static final int TIMEOUT = 4;
    static final int PEER_LOST = 5;
    static final int PROTOCOL = 6;
    static final int OUTPUT_LOST = 7;

    private ExitCode() {}

    static int of(IpcException failure) {
        return switch (failure) {
            case UnsupportedPlatform _ -> WRONG_USAGE;
            case ResourceExhausted _ -> WRONG_USAGE;
            case SystemCallFailed _ -> WRONG_USAGE;
            case MessageTooLarge _ -> WRONG_USAGE;
            case ChildFailed _ -> CHILD_FAILED;
            case TimedOut _ -> TIMEOUT;
            case Disconnected _ -> PEER_LOST;
            default -> PROTOCOL;
        };
    }
}
