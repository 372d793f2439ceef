package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.internal.base.Deadline;

/// A service whose handlers run, one at a time, on the thread that receives.
///
/// What comes while a handler runs is taken in when that handler asks whether it is cancelled or
/// waits for its caller, or by the [CancelPoller] if it runs long.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class InlineService<Q, R> implements Service {

    private final Handler<Q, R> handler;
    private final QuestionSource<Q, R> source;

    InlineService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler) {
        this.handler = handler;
        this.source = new QuestionSource<>(ends, Way.INLINE);
    }

    @Override
    public void run() throws InterruptedException {
        CancelPoller poller = new CancelPoller(source::takeInAhead);
        try {
            while (true) {
                OpenQuestion<Q, R> question = source.next(Deadline.NEVER);
                if (question != null) {
                    handle(question, poller);
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the callers are gone
        } finally {
            poller.stop();
            source.close(null);
        }
    }

    private void handle(OpenQuestion<Q, R> question, CancelPoller poller)
            throws InterruptedException {
        poller.begin();
        R value = null;
        Throwable thrown = null;
        try {
            value = handler.answer(question.value(), question);
        } catch (Throwable failure) { // errors too: the caller is to know, and others are waiting
            thrown = failure;
        } finally {
            boolean _ = question.shut(); // nothing interrupts for this call from here on
            poller.end();
        }
        try {
            source.questions().settle(question, value, thrown);
        } finally {
            question.settled();
        }
        if (thrown instanceof InterruptedException interrupt && !question.wasInterrupted()) {
            throw interrupt; // it was meant for this thread, not for that handler
        }
    }
}
