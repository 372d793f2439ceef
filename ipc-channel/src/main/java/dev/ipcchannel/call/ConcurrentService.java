package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.internal.base.Deadline;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A service whose handlers run on an executor, while this thread receives.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ConcurrentService<Q, R> implements Service {

    private final Link<Reply<R>, Request<Q>> ends;
    private final Handler<Q, R> handler;
    private final Executor executor;
    private final QuestionSource<Q, R> source;
    private final AtomicReference<@Nullable Throwable> unsent = new AtomicReference<>();

    ConcurrentService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler,
            Executor executor) {
        this.ends = ends;
        this.handler = handler;
        this.executor = executor;
        this.source = new QuestionSource<>(ends, Way.EXECUTOR);
    }

    @Override
    public void run() throws InterruptedException {
        Throwable reason = null;
        try {
            while (true) {
                OpenQuestion<Q, R> question = source.next(Deadline.NEVER);
                if (question != null) {
                    execute(question);
                }
            }
        } catch (Disconnected | EndClosed gone) {
            reason = gone; // the callers are gone, or one cannot be answered
            throwUnsent();
        } catch (Throwable failure) {
            reason = failure;
            throw failure;
        } finally {
            source.close(reason);
        }
    }

    /// Throws what a handler's thread met when it could not even send that a call has failed.
    private void throwUnsent() {
        switch (unsent.get()) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {
                // every call that is over was answered
            }
        }
    }

    private void execute(OpenQuestion<Q, R> question) throws InterruptedException {
        try {
            executor.execute(() -> handle(question));
        } catch (RuntimeException | Error rejected) { // an Error if there can be no more threads
            question.stop(Standing.stopped(rejected));
            source.questions().settle(question, null, rejected);
        }
    }

    private void handle(OpenQuestion<Q, R> question) {
        R value = null;
        Throwable thrown = null;
        if (question.begin(Thread.currentThread())) {
            try {
                value = handler.answer(question.value(), question);
            } catch (Throwable failure) { // errors too: the caller is to know
                thrown = failure;
            } finally {
                boolean _ = question.shut();
            }
        }
        try {
            settle(question, value, thrown);
        } finally {
            question.settled();
        }
    }

    /// Sends the last reply, whatever interrupts: a caller waits for it, and the wait ends with
    /// that caller, or when the responder is closed. Where none can be sent the ends are closed: so
    /// the caller does not wait for ever, and [#run] says why.
    private void settle(OpenQuestion<Q, R> question, @Nullable R value,
            @Nullable Throwable thrown) {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    source.questions().settle(question, value, thrown);
                    return;
                } catch (InterruptedException _) {
                    isInterrupted = true;
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the caller is gone
        } catch (RuntimeException | Error failure) {
            if (unsent.compareAndSet(null, failure)) { // first: the close wakes the one who looks
                ends.close();
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
