package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.internal.base.Argument;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A question that [Responder#receive] has given out, to be answered once, by any thread, now or
/// later.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class Question<Q, R> implements Exchange<R> {

    private final QuestionSource<Q, R> source;
    private final OpenQuestion<Q, R> open;

    Question(QuestionSource<Q, R> source, OpenQuestion<Q, R> open) {
        this.source = source;
        this.open = open;
    }

    /// What is asked.
    public Q value() {
        return open.value();
    }

    /// Answers, waiting for room as long as the caller is there. To a call that is cancelled, or a
    /// caller that is gone, nothing is said.
    ///
    /// @throws IllegalStateException if it was answered before, in whatever way
    /// @throws InterruptedException if the thread is interrupted while it waits; then it is not
    /// answered
    public void send(R answer) throws InterruptedException {
        Argument.given(answer, "answer");
        settle(answer, null);
    }

    /// Ends the answer without a last part. Throws what [#send] throws.
    public void end() throws InterruptedException {
        settle(null, null);
    }

    /// Answers that it failed: the caller gets the type, message and stack of `thrown` as text, in
    /// a [dev.ipcchannel.CallFailed]. Throws what [#send] throws.
    public void fail(Throwable thrown) throws InterruptedException {
        Argument.given(thrown, "thrown");
        settle(null, thrown);
    }

    private void settle(@Nullable R answer, @Nullable Throwable thrown)
            throws InterruptedException {
        if (!open.shut()) {
            throw new IllegalStateException("a question is answered once");
        }
        boolean isSettled = false;
        try {
            source.questions().settle(open, answer, thrown);
            isSettled = true;
        } catch (Disconnected | EndClosed _) { // the caller is gone
            isSettled = true;
        } finally {
            if (isSettled) {
                open.settled();
            } else {
                open.reopen(); // interrupted: it can be tried again
            }
        }
    }

    @Override
    public void part(R part) throws InterruptedException {
        open.part(Argument.given(part, "part"));
    }

    @Override
    public void part(R part, Duration timeout) throws InterruptedException {
        open.part(Argument.given(part, "part"), timeout);
    }

    /// Sends one part of the answer, unless it is not wanted any more. Waits as [#part(Object)]
    /// does.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is sent
    public void partIfOpen(R part) throws InterruptedException {
        try {
            part(part);
        } catch (CancellationException | Disconnected | EndClosed _) {
            // the thread that receives learns of it
        }
    }

    /// Whether it was answered, in whatever way, or an answer is on its way.
    public boolean isAnswered() {
        return open.isShut();
    }

    @Override
    public boolean isCancelled() {
        return open.isCancelled();
    }

    @Override
    public boolean isWithdrawn() {
        return open.isWithdrawn();
    }

    @Override
    public Map<String, String> headers() {
        return open.headers();
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
        return open.closeWhenSent(resource);
    }

    @Override
    public String toString() {
        return open.toString();
    }
}
