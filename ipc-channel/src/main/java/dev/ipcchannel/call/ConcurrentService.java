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
final class ConcurrentService<Q, R> extends Service<Q, R> {

    private final Link<Reply<R>, Request<Q>> ends;
    private final Executor executor;
    private final QuestionSource<Q, R> source;
    private final AtomicReference<@Nullable Throwable> unsent = new AtomicReference<>();

    ConcurrentService(Link<Reply<R>, Request<Q>> ends, Handler<Q, R> handler,
            Executor executor) {
        super(handler);
        this.ends = ends;
        this.executor = executor;
        this.source = new QuestionSource<>(ends, Way.EXECUTOR);
    }

    @Override
    void run() throws InterruptedException {
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
            executor.execute(() -> answer(question));
        } catch (RuntimeException | Error rejected) { // an Error if there can be no more threads
            question.stop(Standing.stopped(rejected));
            source.questions().settle(question, null, rejected);
        }
    }

    private void answer(OpenQuestion<Q, R> question) {
        try {
            if (question.begin(Thread.currentThread())) {
                Throwable _ = handle(question);
            } else {
                settle(question, null, null);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // for the executor, whose thread it is
        }
    }

    /// Sends the last reply, whatever interrupts: a caller waits for it, and the wait ends with
    /// that caller, or when the responder is closed. Where none can be sent the ends are closed: so
    /// the caller does not wait for ever, and [#run] says why.
    ///
    /// @throws InterruptedException after that, if the thread was interrupted before or meanwhile
    @Override
    void settle(OpenQuestion<Q, R> question, @Nullable R value,
            @Nullable Throwable thrown) throws InterruptedException {
        boolean isInterrupted = Thread.interrupted();
        boolean isSettled = false;
        try {
            while (!isSettled) {
                try {
                    source.questions().settle(question, value, thrown);
                    isSettled = true;
                } catch (InterruptedException _) {
                    isInterrupted = true;
                }
            }
        } catch (Disconnected | EndClosed _) {
            // the caller is gone
        } catch (RuntimeException | Error failure) {
            if (unsent.compareAndSet(null, failure)) { // first: the close wakes its reader
                ends.close();
            }
        }
        if (isInterrupted) {
            throw new InterruptedException("while the last reply to a call was sent");
        }
    }
}
