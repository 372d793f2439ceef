package dev.ipcchannel.worker;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.job.JvmFailure;
import dev.ipcchannel.internal.job.Outcome;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.util.Map;

/// The way back to the caller of a job, to be used once, by any thread, now or later. If the
/// garbage collector finds that the program has forgotten it, the job fails, so that its worker is
/// free again.
///
/// @param <R> the type of the answers
public final class JobReply<R> implements JobContext<R> {

    private final Question<?, Outcome<R>> question;
    private final Responder<?, Outcome<R>> responder;
    private final ExchangeContext<R> context;
    private final Cleanable forgotten;

    /// A job as the call that brings it.
    record ExchangeContext<R>(Exchange<Outcome<R>> exchange, boolean isBidirectional)
            implements JobContext<R> {

        @Override
        public boolean isCancelled() {
            return exchange.isCancelled();
        }

        @Override
        public Map<String, String> headers() {
            return exchange.headers();
        }

        @Override
        public void progress(long done, long total, String note) throws InterruptedException {
            exchange.part(new Outcome.Step<>(done, total, note));
        }

        @Override
        public void part(R value) throws InterruptedException {
            exchange.part(new Outcome.Value<>(value));
        }

        @Override
        public <T extends AutoCloseable> T closeWhenSent(T resource) {
            return exchange.closeWhenSent(resource);
        }
    }

    JobReply(Question<?, Outcome<R>> question, Responder<?, Outcome<R>> responder) {
        this.question = question;
        this.responder = responder;
        this.context = new ExchangeContext<>(question, true);
        this.forgotten = EndAccess.whenForgotten(this, () -> failForgotten(question));
    }

    /// Without a reference to the reply. The garbage collector's thread does not wait for room.
    private static void failForgotten(Question<?, ?> question) {
        if (question.isAnswered()) {
            return;
        }
        Log.warning("a job was forgotten without an answer, and fails now: call send or fail of"
                + " each JobReply", question.toString());
        Thread _ = Thread.startVirtualThread(() -> {
            try {
                question.fail(new IllegalStateException("the program has forgotten the reply to"
                        + " this job: call send or fail of each JobReply"));
            } catch (InterruptedException | RuntimeException _) {
                // The host is gone, or the worker is closed.
            }
        });
    }

    /// It is answered: nothing can be forgotten any more.
    private void answered() {
        if (question.isAnswered()) {
            forgotten.clean();
        }
    }

    /// Answers. To a caller that has given up, or is gone, nothing is said. Waits where the host
    /// does not keep up. If a thread of this worker has ended by an `OutOfMemoryError` or an
    /// `InternalError` meanwhile, the job fails with that.
    ///
    /// @throws IllegalStateException if the job was answered before
    /// @throws InterruptedException if the thread is interrupted while it waits; then it is not
    /// answered
    public void send(R value) throws InterruptedException {
        Argument.given(value, "value");
        Error broken = JvmFailure.first();
        try {
            if (broken == null) {
                question.send(new Outcome.Value<>(value));
            } else {
                question.fail(broken);
                responder.dropUnsent(new Outcome.Value<>(value));
            }
        } finally {
            answered();
            Reference.reachabilityFence(this); // not forgotten while this thread answers
        }
    }

    /// Answers that the job failed: its caller gets the type, message and stack of `thrown` as
    /// text, in a [dev.ipcchannel.CallFailed]. Throws what [#send] throws.
    public void fail(Throwable thrown) throws InterruptedException {
        try {
            question.fail(thrown);
        } finally {
            answered();
            Reference.reachabilityFence(this); // not forgotten while this thread answers
        }
    }

    @Override
    public boolean isBidirectional() {
        return true;
    }

    @Override
    public boolean isCancelled() {
        return context.isCancelled();
    }

    @Override
    public Map<String, String> headers() {
        return context.headers();
    }

    @Override
    public void progress(long done, long total, String note) throws InterruptedException {
        Argument.given(note, "note");
        context.progress(done, total, note);
    }

    @Override
    public void part(R value) throws InterruptedException {
        Argument.given(value, "value");
        context.part(value);
    }

    @Override
    public <T extends AutoCloseable> T closeWhenSent(T resource) {
        return context.closeWhenSent(resource);
    }

    @Override
    public String toString() {
        return "JobReply[" + question + "]";
    }
}
