package dev.ipcchannel.internal.job;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.WorkerDied;
import org.jspecify.annotations.Nullable;

/// The failure of another thread as a new exception for the thread that waits, with the waiting
/// thread's stack: the other thread's stack says nothing to a user.
public final class Rethrow {

    private Rethrow() {}

    /// The exception for the calling thread to throw.
    ///
    /// @throws InterruptedException if that is the failure: the job was done in the calling thread
    public static RuntimeException again(@Nullable Throwable failure) throws InterruptedException {
        return switch (failure) {
            case CallFailed call -> again(call, call.remoteProcess());
            case ChildFailed child ->
                    new ChildFailed(message(child), child.report(), child.getCause());
            case WorkerDied died ->
                    new WorkerDied(message(died), died.hasStarted(), died.report(),
                            died.getCause());
            case TimedOut late -> new TimedOut(message(late), late.report(), late.getCause());
            case EndClosed closed -> new EndClosed(message(closed), closed.getCause());
            case TypeMismatch mismatch ->
                    new TypeMismatch(message(mismatch), mismatch.here(), mismatch.there());
            case InterruptedException interrupt -> throw interrupt;
            case RuntimeException other -> other;
            case null, default -> new IllegalStateException(failure);
        };
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    /// The same failure with `process` as the name of the remote process.
    public static CallFailed again(CallFailed call, String process) {
        return new CallFailed(process, call.remoteType(), call.remoteMessage(), call.remoteStack());
    }
}
