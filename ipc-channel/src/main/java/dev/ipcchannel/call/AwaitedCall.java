package dev.ipcchannel.call;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import org.jspecify.annotations.Nullable;

/// A call whose caller waits for the one answer to it.
///
/// @param <R> the type of the answers
final class AwaitedCall<R> extends SeatedCall<R> {

    static final String NO_PARTS =
            "the other side answers in parts, which only Caller.stream takes";
    static final String NO_ANSWER =
            "the other side ended a call without an answer: its handler has returned null";

    private @Nullable R value; // set before isReady is, like the next two
    private @Nullable RemoteFailure remote;
    private @Nullable RuntimeException failure;
    private volatile boolean isReady;

    @Override
    public boolean needsBackground() {
        return false;
    }

    @Override
    public boolean neglect() {
        return false;
    }

    @Override
    boolean isReady() {
        return isReady;
    }

    @Override
    public void onAnswer(R answer) {
        value = answer;
        ready();
    }

    @Override
    public boolean onPart(R part) {
        fail(new ProtocolViolation(NO_PARTS));
        return false;
    }

    @Override
    public void onEnd() {
        fail(new ProtocolViolation(NO_ANSWER));
    }

    @Override
    public void onFailed(RemoteFailure reported) {
        remote = reported;
        ready();
    }

    @Override
    public void fail(RuntimeException cause) {
        failure = cause;
        ready();
    }

    private void ready() {
        isReady = true;
        wake();
    }

    /// The answer, once it is ready; or what went wrong, thrown from the caller's own stack.
    R result() {
        if (remote != null) {
            throw remote.toException();
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

    /// The same for another thread than the one that met it, with that thread's stack.
    static RuntimeException again(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case Disconnected _ -> new Disconnected(message, failure);
            case EndClosed _ -> new EndClosed(message, failure);
            case CodecFailed _ -> new CodecFailed(message, failure);
            case ProtocolViolation _ -> new ProtocolViolation(message, failure);
            case ResourceExhausted _ -> new ResourceExhausted(message, failure);
            default -> failure;
        };
    }
}
