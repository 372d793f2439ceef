package dev.ipcchannel.call;

import dev.ipcchannel.ProtocolViolation;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A call whose answer comes in parts, which are kept here until they are taken: never more than
/// were granted.
///
/// @param <R> the type of the parts
final class PartsCall<R> extends WaitNodeCall<R> {

    private final ConcurrentLinkedQueue<R> parts = new ConcurrentLinkedQueue<>();
    private final Consumer<R> unwanted; // gets the parts that are dropped
    private long received; // parts; used by the thread that has the lead
    private volatile long granted = Reply.WINDOW; // written by the taker

    private @Nullable RemoteFailure remote; // set before isOver is, like the next one
    private @Nullable RuntimeException failure;
    private volatile boolean isOver; // set after the last part was put

    private boolean isGivenUp; // inside the table's lock
    private volatile boolean isDropping;

    PartsCall(Consumer<R> unwanted) {
        this.unwanted = unwanted;
    }

    /// Parts that are not taken are received all the same, so that they do not block other replies.
    @Override
    public boolean needsBackground() {
        return isGivenUp;
    }

    @Override
    public boolean runsUsersCode() {
        return false;
    }

    @Override
    public boolean neglect() {
        boolean isFirst = !isGivenUp;
        isGivenUp = true;
        return isFirst;
    }

    /// The rest is not taken any more, of a call that is open or over.
    void dropRest() {
        isDropping = true; // first: what is put from here on is dropped by the thread that puts it
        dropParts();
    }

    private void dropParts() {
        for (R part = parts.poll(); part != null; part = parts.poll()) {
            unwanted.accept(part);
        }
    }

    @Override
    boolean isReady() {
        return !parts.isEmpty() || isOver || isDropping;
    }

    @Override
    public boolean onAnswer(R value) {
        put(value);
        over();
        return true;
    }

    @Override
    public boolean onPart(R value) {
        if (received >= granted && !isDropping) {
            fail(new ProtocolViolation(
                    "the other side sent more parts than it was granted: granted=" + granted));
            return false;
        }
        received++;
        put(value);
        wake();
        return true;
    }

    private void put(R value) {
        parts.add(value);
        if (isDropping) { // perhaps only just now
            dropParts();
        }
    }

    @Override
    public void onEnd() {
        over();
    }

    @Override
    public void onFailed(RemoteFailure reported) {
        remote = reported;
        over();
    }

    @Override
    public void fail(RuntimeException cause) {
        failure = cause;
        over();
    }

    private void over() {
        isOver = true;
        wake();
    }

    /// Takes the next part.
    ///
    /// @return null if none is there
    @Nullable
    R poll() {
        return parts.poll();
    }

    boolean isOver() {
        return isOver;
    }

    /// What went wrong, once it is over, thrown from the taker's own stack.
    ///
    /// @param process that answers, for what went wrong there
    void checkEnd(Supplier<String> process) {
        if (remote != null) {
            throw remote.toException(process.get());
        }
        if (failure != null) {
            throw AwaitedCall.again(failure);
        }
    }

    /// How many parts may come in all. Written before the other side learns of it.
    void allow(long parts) {
        granted = parts;
    }

    /// How many parts may come in all.
    long allowed() {
        return granted;
    }
}
