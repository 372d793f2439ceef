package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.internal.base.Deadline;
import org.jspecify.annotations.Nullable;

/// A service whose handlers run, one at a time, on the thread that receives.
///
/// What comes while a handler runs is taken in when that handler asks whether it is cancelled or
/// waits for its caller, or by the [CancelPoller] if it runs long.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class InlineService<Q, R> extends Service<Q, R> {

    private final QuestionSource<Q, R> source;
    private final CancelPoller poller;

    /// Belongs to the calling thread, which serves.
    InlineService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler) {
        super(handler);
        this.source = new QuestionSource<>(ends, Way.INLINE);
        this.poller = new CancelPoller(this::look);
    }

    /// By the poller, while a handler runs long.
    private void look() throws InterruptedException {
        source.takeInAhead();
        OpenQuestion<Q, R> question = source.questions().current();
        if (question != null) {
            helpOut(question);
        }
    }

    @Override
    void run() throws InterruptedException {
        try {
            while (true) {
                OpenQuestion<Q, R> question = source.next(Deadline.NEVER);
                if (question != null) {
                    answer(question);
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the callers are gone
        } finally {
            poller.stop();
            source.close(null);
        }
    }

    private void answer(OpenQuestion<Q, R> question) throws InterruptedException {
        poller.begin();
        Throwable thrown = handle(question);
        if (thrown instanceof InterruptedException interrupt && isForThisThread(question)) {
            throw interrupt;
        }
    }

    /// Whether an interrupt was meant for the thread that serves, not for a question's handler.
    private static boolean isForThisThread(OpenQuestion<?, ?> question) {
        return !question.wasInterrupted();
    }

    @Override
    void settle(OpenQuestion<Q, R> question, @Nullable R value, @Nullable Throwable thrown)
            throws InterruptedException {
        poller.end();
        if (!(thrown instanceof InterruptedException) || !isForThisThread(question)) {
            source.questions().settle(question, value, thrown);
            return;
        }
        Thread.currentThread().interrupt(); // the reply is not to wait for room
        try {
            source.questions().settle(question, value, thrown);
        } finally {
            boolean _ = Thread.interrupted();
        }
    }
}
