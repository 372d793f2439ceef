package dev.ipcchannel.call;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The side that answers the questions of the [Caller] at the other side.
///
/// A question that cannot be read, whatever its codec or its constructors throw, is answered with
/// that: its caller gets [dev.ipcchannel.CallFailed], no handler is asked, and all others go on.
///
/// The other side is not believed: of 65,536 calls open at once more are refused, an id that is
/// open is not opened again, and cancels and grants for calls that are not open are ignored, as are
/// grants of parts beyond what an `int` holds.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class Responder<Q, R> implements AutoCloseable {

    private final Link<Reply<R>, Request<Q>> ends;
    private final AtomicBoolean isServing = new AtomicBoolean();
    private final QuestionSource<Q, R> source;

    /// A responder and what its caller is made of.
    ///
    /// @param near the responder
    /// @param far the caller's ends, usually for another process
    /// @param <Q> the type of the questions
    /// @param <R> the type of the answers
    public record Pair<Q, R>(Responder<Q, R> near, Duplex<Request<Q>, Reply<R>> far) {}

    /// @param ends belong to the responder from now on, which closes them; all else is refused by
    /// them
    /// @throws dev.ipcchannel.EndClosed if they are closed
    /// @throws IllegalStateException if they belong to something else, or a thread is receiving
    public Responder(Link<Reply<R>, Request<Q>> ends) {
        Argument.given(ends, "ends");
        this.ends = ends.ownedBy("a Responder");
        this.source = new QuestionSource<>(this.ends, Way.LATER);
    }

    /// Makes two channels, a responder at one side of them, and the ends of the other side. Throws
    /// what [dev.ipcchannel.Channel#create(Class)] throws.
    public static <Q, R> Pair<Q, R> create(Class<Q> questions, Class<R> answers) {
        return create(questions, answers, ChannelOptions.defaults());
    }

    /// Makes the same with options, which both channels have. Throws what
    /// [dev.ipcchannel.Channel#create(Class)] throws.
    public static <Q, R> Pair<Q, R> create(Class<Q> questions, Class<R> answers,
            ChannelOptions options) {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return create(TypeToken.of(questions), TypeToken.of(answers), options);
    }

    /// Makes the same for generic types. Throws what [dev.ipcchannel.Channel#create(Class)] throws.
    public static <Q, R> Pair<Q, R> create(TypeToken<Q> questions, TypeToken<R> answers) {
        return create(questions, answers, ChannelOptions.defaults());
    }

    /// Makes the same for generic types, with options, which both channels have. Throws what
    /// [dev.ipcchannel.Channel#create(Class)] throws.
    public static <Q, R> Pair<Q, R> create(TypeToken<Q> questions, TypeToken<R> answers,
            ChannelOptions options) {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        Duplex.Pair<Request<Q>, Reply<R>> pair = CallEnds.create(questions, answers, options);
        return new Pair<>(new Responder<>(pair.far()), pair.near());
    }

    /// Answers questions one after the other, each on the calling thread, until the caller is gone
    /// or another thread closes this responder: then it returns.
    ///
    /// When it throws, close this responder, and the caller learns: questions may have been lost.
    ///
    /// No thread is handed anything, which makes this the quickest way; but a handler that takes
    /// long keeps the other questions waiting. A cancel interrupts a handler that has run for some
    /// milliseconds, unless it learns of it first, since it asks or sends a part; a thread of this
    /// responder's looks for it each five. One that lies after more than 64 questions is not seen
    /// by that thread. The interrupt is that call's alone, and gone when its handler returns.
    ///
    /// @throws dev.ipcchannel.CodecFailed if of what came not even the id of its call can be read
    /// @throws dev.ipcchannel.ProtocolViolation if the other side broke the format
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws IllegalStateException if another thread serves, or this one does
    /// @throws InterruptedException if the thread is interrupted while it waits, or a handler that
    /// no cancel has interrupted throws this
    public void serve(Handler<Q, R> handler) throws InterruptedException {
        Argument.given(handler, "handler");
        run(new InlineService<>(ends, handler));
    }

    /// Answers questions at once, each in a task of `executor`, until the caller is gone or another
    /// thread closes this responder: then it returns, and the calls that are still open are
    /// cancelled. The calling thread receives meanwhile.
    ///
    /// A cancel interrupts the handler's thread. Throws what [#serve(Handler)] throws.
    ///
    /// @param executor runs tasks on other threads than the calling one, which a handler that sends
    /// parts would keep from receiving, such as a virtual thread for each; a question whose task it
    /// rejects is answered with that failure
    public void serve(Handler<Q, R> handler, Executor executor) throws InterruptedException {
        Argument.given(handler, "handler");
        Argument.given(executor, "executor");
        run(new ConcurrentService<>(ends, handler, executor));
    }

    /// Waits for the next question, to be answered by whichever thread, before or after the next
    /// one is received. Any number of threads may call it, but none while this responder serves.
    ///
    /// @return null if the callers are gone, or another thread has closed this responder
    /// @throws dev.ipcchannel.CodecFailed if of what came not even the id of its call can be read;
    /// close this responder then
    /// @throws dev.ipcchannel.ProtocolViolation if the other side broke the format
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws IllegalStateException while it serves
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    public @Nullable Question<Q, R> receive() throws InterruptedException {
        return receive(Deadline.NEVER);
    }

    /// Waits for the next question no longer than `timeout`. Throws what [#receive()] throws.
    ///
    /// @return null if the callers are gone, or another thread has closed this responder
    /// @throws dev.ipcchannel.TimedOut if none came in time, or the reply to an earlier one, which
    /// could not be read or is cancelled, had no room
    public @Nullable Question<Q, R> receive(Duration timeout) throws InterruptedException {
        return receive(Deadline.after(timeout));
    }

    /// The next question if one is there. Never waits: where the reply to an earlier one, which
    /// could not be read or is cancelled, has no room yet, none is given out.
    ///
    /// @return null if there is none now, or it goes to another thread that waits in `receive`
    /// @throws Disconnected if the callers are gone: none will come
    /// @throws EndClosed if this responder was closed before that
    /// @throws dev.ipcchannel.CodecFailed as [#receive()] does
    /// @throws dev.ipcchannel.ProtocolViolation if the other side broke the format
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws IllegalStateException while it serves
    /// @throws InterruptedException if the thread is interrupted; nothing is lost
    public @Nullable Question<Q, R> tryReceive() throws InterruptedException {
        return next(Deadline.after(Duration.ZERO));
    }

    private @Nullable Question<Q, R> next(Deadline limit) throws InterruptedException {
        if (isServing.get()) {
            throw new IllegalStateException(
                    "a responder that serves gives out no questions as well");
        }
        OpenQuestion<Q, R> open = source.next(limit);
        return open == null ? null : new Question<>(source, open);
    }

    private @Nullable Question<Q, R> receive(Deadline limit) throws InterruptedException {
        try {
            Question<Q, R> question = next(limit);
            if (question == null) {
                throw new TimedOut(limit.passed("no question came"));
            }
            return question;
        } catch (Disconnected | EndClosed _) {
            return null; // the callers are gone
        }
    }

    private void run(Service<Q, R> service) throws InterruptedException {
        if (!isServing.compareAndSet(false, true)) {
            throw new IllegalStateException("a responder serves once at a time");
        }
        try {
            service.run();
        } finally {
            isServing.set(false);
        }
    }

    /// Closes the ends of channels and the [dev.ipcchannel.SharedBytes] in a question that was
    /// given out and that is not wanted.
    public void drop(Q question) {
        Argument.given(question, "question");
        ends.drop(new Request.Ask<>(0, question));
    }

    /// Closes the ends of channels in an answer that is not given. [dev.ipcchannel.SharedBytes] in
    /// it stay open, as after a send.
    public void dropUnsent(R answer) {
        Argument.given(answer, "answer");
        ends.dropUnsent(new Reply.Answer<>(0, answer));
    }

    /// Closes the two ends: a thread that serves returns, running handlers are cancelled, and each
    /// open call of the caller fails with [dev.ipcchannel.Disconnected]. The second and later
    /// closes do nothing.
    @Override
    public void close() {
        ends.close();
        source.close(null);
    }

    @Override
    public String toString() {
        return "Responder[%s]".formatted(ends);
    }
}
