package dev.ipcchannel.call;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeMismatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A call whose caller waits for the one answer to it.
///
/// @param <R> the type of the answers
final class AwaitedCall<R> extends WaitNodeCall<R> {

    static final String NO_PARTS =
            "the other side answers in parts, which only Caller.stream takes";

    /// What a worker says of the same.
    static final RemoteFailure NO_ANSWER = new RemoteFailure(NullPointerException.class.getName(),
            "a handler returned null for a question whose answer is waited for: have it return an"
                    + " Optional, or a record with one, where there may be nothing"
                    + " (TypeToken<Optional<Answer>>)",
            List.of());

    private static final VarHandle STATE = stateHandle();
    private static final int OPEN = 0;
    private static final int READY = 1;
    private static final int ABANDONED = 2; // no thread waits any more

    private @Nullable R value; // set before it is ready, like the next two
    private @Nullable RemoteFailure remote;
    private @Nullable RuntimeException failure;
    private volatile int state; // leaves OPEN once, by an exchange

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(AwaitedCall.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @Override
    public boolean needsBackground() {
        return false;
    }

    @Override
    public boolean runsUsersCode() {
        return false;
    }

    @Override
    public boolean neglect() {
        return false;
    }

    @Override
    boolean isReady() {
        return state == READY;
    }

    @Override
    public boolean onAnswer(R answer) {
        value = answer;
        return ready();
    }

    @Override
    public boolean onPart(R part) {
        fail(new ProtocolViolation(NO_PARTS));
        return false;
    }

    @Override
    public void onEnd() {
        onFailed(NO_ANSWER);
    }

    @Override
    public void onFailed(RemoteFailure reported) {
        remote = reported;
        boolean _ = ready();
    }

    @Override
    public void fail(RuntimeException cause) {
        failure = cause;
        boolean _ = ready();
    }

    /// @return false if no thread waits any more
    private boolean ready() {
        boolean isWaitedFor = STATE.compareAndSet(this, OPEN, READY);
        wake();
        return isWaitedFor;
    }

    /// The waiting thread has given it up.
    ///
    /// @return the answer, if it has come meanwhile: then it is that thread's to see to
    @Nullable
    R abandon() {
        return STATE.compareAndSet(this, OPEN, ABANDONED) ? null : value;
    }

    /// The answer, once it is ready; or what went wrong, thrown from the caller's own stack.
    ///
    /// @param process that answers, for what went wrong there
    R result(Supplier<String> process) {
        if (remote != null) {
            throw remote.toException(process.get());
        }
        if (failure != null) {
            throw again(failure);
        }
        R answer = value;
        if (answer == null) {
            throw new IllegalStateException("a call is asked for its answer before it has one");
        }
        return answer;
    }

    /// The same for another thread than the one that met it, with that thread's stack: the other
    /// one's says nothing to a user, and as a cause it would say the same again.
    static RuntimeException again(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        return switch (failure) {
            case Disconnected end -> new Disconnected(message, end.isDeath(), end.report(), cause);
            case EndClosed _ -> new EndClosed(message, cause);
            case CodecFailed _ -> new CodecFailed(message, cause);
            case ProtocolViolation _ -> new ProtocolViolation(message, cause);
            case ResourceExhausted _ -> new ResourceExhausted(message, cause);
            case TypeMismatch _ when cause != null -> new TypeMismatch(message, cause);
            case TypeMismatch met -> new TypeMismatch(message, met.here(), met.there());
            default -> failure;
        };
    }
}
