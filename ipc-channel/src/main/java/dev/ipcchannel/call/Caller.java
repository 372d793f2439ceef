package dev.ipcchannel.call;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The side that asks the [Responder] at the other, any number of questions at once, from any
/// number of threads.
///
/// A thread that waits for its answer receives the replies to all calls meanwhile, unless another
/// one does. Futures are completed by whichever thread receives; if no thread waits, by one
/// background thread. What depends on a future runs there too: if it waits, or takes long, another
/// thread receives after some ten milliseconds, so that other calls are late, and no more. Use the
/// `…Async` forms for what takes long.
///
/// A call that fails, times out, or whose thread is interrupted is cancelled on the other side. An
/// answer that comes later is dropped, and the ends in it are closed. When the responder is gone,
/// each open call fails with [dev.ipcchannel.Disconnected].
///
/// An answer, or a part of one, that cannot be read fails its call with what was wrong, and no
/// other. Only a reply of which not even the id can be read fails each of them, since it may have
/// been any call's; that is so where the codec of the replies is not the library's and says nothing
/// of their [dev.ipcchannel.Codec#head].
///
/// A caller that is forgotten without a close is closed, with a warning, once none of its calls
/// needs the background thread: as long as a future is open, or a call given up that the other side
/// has not ended, that thread keeps it. Such futures complete with their answers, or fail with the
/// responder's end.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class Caller<Q, R> implements AutoCloseable {

    private final Link<Request<Q>, Reply<R>> ends;
    private final ReplyDispatcher<Q, R> dispatcher;
    private final ContextCarrier context;

    /// A caller and what its responder is made of.
    ///
    /// @param near the caller
    /// @param far the responder's ends, usually for another process
    /// @param <Q> the type of the questions
    /// @param <R> the type of the answers
    public record Pair<Q, R>(Caller<Q, R> near, Duplex<Reply<R>, Request<Q>> far) {}

    /// @param ends belong to the caller from now on, which closes them; all else is refused by them
    /// @throws dev.ipcchannel.EndClosed if they are closed
    /// @throws IllegalStateException if they belong to something else, or a thread is receiving
    public Caller(Link<Request<Q>, Reply<R>> ends) {
        Argument.given(ends, "ends");
        this.ends = ends.ownedBy("a Caller");
        this.dispatcher = new ReplyDispatcher<>(this.ends);
        this.context = FixedContext.NONE;
    }

    private Caller(Link<Request<Q>, Reply<R>> ends, ReplyDispatcher<Q, R> dispatcher,
            ContextCarrier context) {
        this.ends = ends;
        this.dispatcher = dispatcher;
        this.context = context;
    }

    /// Makes two channels, a caller at one side of them, and the ends of the other side. Throws
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
        return new Pair<>(new Caller<>(pair.near()), pair.far());
    }

    /// This caller, for questions that have a context, of which `carrier` makes the headers. In all
    /// else the two objects are the same, and they are closed together.
    public Caller<Q, R> withContext(ContextCarrier carrier) {
        return new Caller<>(ends, dispatcher, Argument.given(carrier, "carrier"));
    }

    private Headers headers() {
        return context instanceof FixedContext(var checked) ? checked
                : Headers.of(context.headers());
    }

    /// Asks, and waits for the answer as long as one can come.
    ///
    /// @throws dev.ipcchannel.CallFailed if the handler failed or returned null, or the question
    /// could not be read there, or the answer not be sent
    /// @throws dev.ipcchannel.Disconnected if the responder is gone
    /// @throws dev.ipcchannel.CodecFailed if the question cannot be turned into bytes, nothing is
    /// sent then; or if the answer cannot be read
    /// @throws dev.ipcchannel.MessageTooLarge if the question is longer than the channel carries;
    /// nothing is sent
    /// @throws dev.ipcchannel.ProtocolViolation if the other side broke the format, or answers in
    /// parts
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out, for an
    /// answer that is too long for the heap, say
    /// @throws dev.ipcchannel.EndClosed if this caller is closed, before or while it waits
    /// @throws IllegalArgumentException if the context of the question cannot travel, see
    /// [ContextCarrier]; nothing is asked
    /// @throws InterruptedException if the thread is interrupted while it waits; the call is
    /// cancelled
    public R call(Q question) throws InterruptedException {
        return call(question, Deadline.NEVER);
    }

    /// Asks, and waits for the answer no longer than `timeout`. Throws what [#call(Object)] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if it did not come in time; the call is cancelled. Where
    /// there was no time from the start, nothing is asked
    public R call(Q question, Duration timeout) throws InterruptedException {
        return call(question, Deadline.after(timeout));
    }

    private R call(Q question, Deadline limit) throws InterruptedException {
        Argument.given(question, "question");
        if (limit.isPast()) {
            // However quick an answer may be.
            throw dispatcher.timedOut("no answer came", " from ", limit);
        }
        Headers headers = headers();
        AwaitedCall<R> call = new AwaitedCall<>();
        boolean isReady = false;
        try {
            isReady = dispatcher.ask(call, question, headers, limit)
                    && dispatcher.await(call, limit);
        } finally {
            if (!isReady) {
                dispatcher.cancel(call.id());
                R late = call.abandon(); // it may have come after the last look
                if (late != null) {
                    dispatcher.drop(late);
                }
            }
        }
        if (!isReady) {
            throw dispatcher.timedOut("no answer came", " from ", limit);
        }
        return call.result(ends::otherSide);
    }

    /// Asks, waiting for no more than room to do so.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent; whatever else comes
    /// completes the future, also an end of the replies while it waits. To complete it in any other
    /// way, by `cancel` or `orTimeout` for instance, cancels the call.
    public CompletableFuture<R> send(Q question) throws InterruptedException {
        return send(question, Deadline.NEVER);
    }

    /// Asks, waiting for room to do so no longer than `timeout`, which is not a limit for the
    /// answer. Throws what [#send(Object)] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if there was no room in time; nothing is sent
    public CompletableFuture<R> send(Q question, Duration timeout) throws InterruptedException {
        return send(question, Deadline.after(timeout));
    }

    private CompletableFuture<R> send(Q question, Deadline limit) throws InterruptedException {
        Argument.given(question, "question");
        FutureCall<R> call = new FutureCall<>(dispatcher);
        if (!dispatcher.ask(call, question, headers(), limit)) {
            throw dispatcher.timedOut("there was no room for a question", " to ", limit);
        }
        return call;
    }

    /// Runs `code`, which may wait, in an observer: where the calling thread receives, and `code`
    /// takes longer than some ten milliseconds, another thread receives from then on. That one may
    /// notify the observer of what comes next, a part or the end, before `code` returns.
    public void runAside(Runnable code) {
        dispatcher.runAside(Argument.given(code, "code"));
    }

    /// Asks for an answer in parts, waiting for no more than room to do so.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent. An answer in one piece is
    /// the only part.
    public Parts<R> stream(Q question) throws InterruptedException {
        return stream(question, Deadline.NEVER);
    }

    /// Asks for an answer in parts, waiting for room to do so no longer than `timeout`. Throws what
    /// [#stream(Object)] throws.
    ///
    /// @throws dev.ipcchannel.TimedOut if there was no room in time; nothing is sent
    public Parts<R> stream(Q question, Duration timeout) throws InterruptedException {
        return stream(question, Deadline.after(timeout));
    }

    private Parts<R> stream(Q question, Deadline limit) throws InterruptedException {
        Argument.given(question, "question");
        PartsCall<R> call = new PartsCall<>(dispatcher::drop);
        if (!dispatcher.ask(call, question, headers(), limit)) {
            throw dispatcher.timedOut("there was no room for a question", " to ", limit);
        }
        return new ReceivedParts<>(dispatcher, call);
    }

    /// Asks, waiting for no more than room to do so; `observer` is notified of what comes.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent, and then the observer is
    /// not notified. What comes may come before this returns.
    public ObservedCall<R> observe(Q question, CallObserver<R> observer)
            throws InterruptedException {
        Argument.given(question, "question");
        OpenObservedCall<R> call =
                new OpenObservedCall<>(dispatcher, Argument.given(observer, "observer"));
        boolean _ = dispatcher.ask(call, question, headers(), Deadline.NEVER);
        return new ObservedCall<>(dispatcher, call);
    }

    /// Asks if there is room to do so now; `observer` is notified of what comes. Throws what
    /// [#observe] throws.
    ///
    /// @return null if there is no room; nothing is sent then
    public @Nullable ObservedCall<R> tryObserve(Q question, CallObserver<R> observer) {
        Argument.given(question, "question");
        OpenObservedCall<R> call =
                new OpenObservedCall<>(dispatcher, Argument.given(observer, "observer"));
        return dispatcher.tryAsk(call, question, headers()) ? new ObservedCall<>(dispatcher, call)
                : null;
    }

    /// Closes the ends of channels and the [dev.ipcchannel.SharedBytes] in an answer, or a part of
    /// one, that an observer has got and does not want.
    public void drop(R answer) {
        Argument.given(answer, "answer");
        dispatcher.drop(answer);
    }

    /// How many calls are open now: asked and not answered, or given up and not ended on the other
    /// side.
    public int openCalls() {
        return dispatcher.openCalls();
    }

    /// Closes the two ends and fails each open call with [dev.ipcchannel.EndClosed]. What depends
    /// on futures, and observers, run on the calling thread; if one takes longer than some ten
    /// milliseconds, another thread goes on with those after it. The responder takes it as the end
    /// of its callers. The second and later closes do nothing.
    @Override
    public void close() {
        dispatcher.close();
    }

    @Override
    public String toString() {
        return "Caller[open=%d, %s]".formatted(dispatcher.openCalls(), ends);
    }
}
