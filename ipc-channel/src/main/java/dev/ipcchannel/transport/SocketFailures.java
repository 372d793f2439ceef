package dev.ipcchannel.transport;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.rendezvous.RendezvousException;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The one translation of failures of Unix sockets into [IpcException]s.
final class SocketFailures {

    private SocketFailures() {}

    static ServerDirectory directory() {
        try {
            return ServerDirectory.create();
        } catch (RendezvousException | PosixException failure) {
            throw EndAccess.translate(failure);
        }
    }

    /// @param what the words for what has failed
    static IpcException of(String what, PosixException failure) {
        String reason = Printable.of(String.valueOf(failure.getMessage()));
        if (failure.errno() == Errno.EMFILE || failure.errno() == Errno.ENFILE) {
            return new ResourceExhausted(what + ", since no more files may be open: " + reason
                    + ": close what is not needed, or raise the limit (ulimit -n)", failure);
        }
        return failure.isExhaustion() ? new ResourceExhausted(what + ": " + reason, failure)
                : new SystemCallFailed(what + ": " + reason, failure);
    }

    /// The failure to reach a process at `address`.
    ///
    /// @param isParent whether it is the address of this process's parent
    static IpcException ofConnect(String address, boolean isParent, PosixException failure) {
        boolean isWithoutListener = failure.errno() == Errno.ECONNREFUSED
                || !Files.exists(Path.of(address));
        return isWithoutListener ? noListener(address, isParent, failure)
                : of((isParent ? "the parent" : "the process that listens there")
                        + " cannot be reached: address=" + Printable.path(address), failure);
    }

    /// The failure of a process that was refused.
    static IpcException refused(Refusal refusal, boolean isParent) {
        String message = (isParent ? "the parent has refused this child: "
                : "the process that listens there has refused this one: ") + refusal.reason();
        return refusal.isOfTypes() ? new TypeMismatch(message) : new HandshakeFailed(message);
    }

    static Disconnected noListener(String address, boolean isParent, @Nullable Throwable cause) {
        return new Disconnected("no %s: address=%s: it has ended, waits %sno longer, or sees other"
                .formatted(isParent ? "parent waits there" : "process listens there",
                        Printable.path(address), isParent ? "for this child " : "")
                + " folders than this process (a container, unshare, PrivateTmp)", cause);
    }
}
