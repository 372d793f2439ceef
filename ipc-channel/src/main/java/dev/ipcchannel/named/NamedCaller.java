package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.named.ServedCall.Limit;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A caller of the servers of a name ([NamedService]), wherever they run: any number of questions
/// at once, from any number of threads.
///
/// A question goes to the server that has the fewest calls of this caller open, of equals to each
/// in turn; while there is none, it waits for one, unless its options say otherwise ([Unreceived]).
/// A call that times out, is closed, or whose thread is interrupted is cancelled there.
///
/// A server may end amid calls. One that it had not begun goes to another server, once. One that it
/// had begun fails with [dev.ipcchannel.Disconnected], which says the process; a caller of
/// questions that may be answered twice ([#idempotent]) gives it to another server, once. One of
/// which parts have been taken fails.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class NamedCaller<Q, R> implements AutoCloseable {

    private final CallerRole<Q, R> servers;
    private final ServedCall.Terms terms;
    private final Cleanable presence; // of this caller under its name, until it is cleaned

    private NamedCaller(CallerRole<Q, R> servers, ServedCall.Terms terms, Cleanable presence) {
        this.servers = servers;
        this.terms = terms;
        this.presence = presence;
    }

    private static <Q, R> NamedCaller<Q, R> of(CallerRole<Q, R> servers, Member member,
            boolean isWaiting) {
        ServedCall.Terms terms = new ServedCall.Terms(new Object(), member, false, isWaiting);
        return new NamedCaller<>(servers, terms, EndAccess.whenForgotten(terms.user(),
                () -> "a caller by name, name=" + member.name(), servers::isOver,
                () -> closeAll(member, servers)));
    }

    private static void closeAll(@Nullable Member member, CallerRole<?, ?> servers) {
        AllSteps.take(Opening.closing(member), servers::end);
    }

    /// Opens a service with the default options. Waits for the servers of that name, for two
    /// seconds at most; others may come later.
    ///
    /// @throws IllegalArgumentException if the name is none (1 to 200 bytes of UTF-8, without `/`
    /// and control characters), there is no codec for one of the types, or the options would have
    /// questions dropped
    /// @throws dev.ipcchannel.TypeMismatch if the name is open for other questions or answers
    /// @throws TimedOut if another process, which is stopped, holds the name
    /// @throws dev.ipcchannel.HandshakeFailed if it is open in a process with another version, or
    /// no directory to meet in can be used
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static <Q, R> NamedCaller<Q, R> open(String name, Class<Q> questions, Class<R> answers)
            throws InterruptedException {
        return open(name, questions, answers, NamedOptions.defaults());
    }

    /// Opens a service. Throws what [#open(String, Class, Class)] throws.
    ///
    /// @param options the channel by which each server answers, and what becomes of a question
    /// while there is no server: it waits, or fails
    public static <Q, R> NamedCaller<Q, R> open(String name, Class<Q> questions, Class<R> answers,
            NamedOptions options) throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return open(name, TypeToken.of(questions), TypeToken.of(answers), options);
    }

    /// Opens a service for generic types with the default options. Throws what
    /// [#open(String, Class, Class)] throws.
    public static <Q, R> NamedCaller<Q, R> open(String name, TypeToken<Q> questions,
            TypeToken<R> answers) throws InterruptedException {
        return open(name, questions, answers, NamedOptions.defaults());
    }

    /// Opens a service for generic types. Throws what [#open(String, Class, Class)] throws.
    ///
    /// @param options see [#open(String, Class, Class, NamedOptions)]
    public static <Q, R> NamedCaller<Q, R> open(String name, TypeToken<Q> questions,
            TypeToken<R> answers, NamedOptions options) throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        Argument.given(options, "options");
        Opening.check(name);
        if (options.unreceived() == Unreceived.DROP) {
            throw new IllegalArgumentException(
                    ("a question is not dropped, since its caller waits for"
                            + " the answer: name=%s, unreceived=DROP: use WAIT or FAIL")
                            .formatted(name));
        }
        Service.Codecs<Q, R> codecs = Service.of(name, questions, answers);
        CallerRole<Q, R> servers = new CallerRole<>(codecs, options);
        Member member = null;
        NamedCaller<Q, R> caller = null;
        try {
            member = Opening.member(NameKind.SERVICE, name, codecs.whole(), servers);
            caller = of(servers, member, options.unreceived() == Unreceived.WAIT);
            return caller;
        } finally {
            if (caller == null) {
                closeAll(member, servers);
            }
        }
    }

    /// Its name.
    public String name() {
        return terms.member().name();
    }

    /// This caller for questions that may be answered twice: one whose server ends amid it goes to
    /// another one, once. Both are the same in all else, and closed together.
    public NamedCaller<Q, R> idempotent() {
        return new NamedCaller<>(servers,
                new ServedCall.Terms(terms.user(), terms.member(), true, terms.isWaiting()),
                presence);
    }

    /// Asks, and waits for the answer as long as one can come.
    ///
    /// @throws dev.ipcchannel.CallFailed if the handler failed, or the question could not be read
    /// there, or the answer not be sent
    /// @throws dev.ipcchannel.Disconnected if the server has ended, and the call cannot be given to
    /// another one
    /// @throws dev.ipcchannel.NoReceiver if there is no server, with [Unreceived#FAIL]
    /// @throws dev.ipcchannel.CodecFailed if the question cannot be turned into bytes, nothing is
    /// sent then; or if the answer cannot be read
    /// @throws dev.ipcchannel.MessageTooLarge if the question is longer than the server takes;
    /// nothing is sent
    /// @throws dev.ipcchannel.ProtocolViolation if the server broke the format, or answers in parts
    /// or not at all
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws EndClosed if this caller is closed, before or while it waits
    /// @throws InterruptedException if the thread is interrupted while it waits; the call is
    /// cancelled
    public R call(Q question) throws InterruptedException {
        return call(question, Limit.NONE);
    }

    /// Asks, and waits for a server and its answer no longer than `timeout`. Throws what
    /// [#call(Object)] throws.
    ///
    /// @throws TimedOut if the answer did not come in time; the call is cancelled. Where there was
    /// no time from the start, nothing is asked
    public R call(Q question, Duration timeout) throws InterruptedException {
        Limit limit = limit(timeout);
        if (limit.deadline().isPast()) {
            throw new TimedOut(
                    "a call has no time from its start: name=%s, timeout=%s: give it some"
                            .formatted(name(), ShownTime.of(timeout)));
        }
        return call(question, limit);
    }

    private R call(Q question, Limit limit) throws InterruptedException {
        try (ServedCall<Q, R> call = begun(question, limit)) {
            return call.answer(limit);
        }
    }

    /// Asks, waiting for no more than a server and room to do so.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent; whatever else comes
    /// completes the future. To complete it in any other way, by `cancel` or `orTimeout` for
    /// instance, cancels the call. What depends on it runs on a virtual thread of its own, and may
    /// wait.
    public CompletableFuture<R> submit(Q question) throws InterruptedException {
        return submit(question, Limit.NONE);
    }

    /// Asks, waiting for a server and room to do so no longer than `timeout`, which is not a limit
    /// for the answer. Throws what [#submit(Object)] throws.
    ///
    /// @throws TimedOut if there was no server, or no room, in time; nothing is sent
    public CompletableFuture<R> submit(Q question, Duration timeout) throws InterruptedException {
        return submit(question, limit(timeout));
    }

    private CompletableFuture<R> submit(Q question, Limit limit) throws InterruptedException {
        ServedCall<Q, R> call = begun(question, limit);
        CompletableFuture<R> future = new CompletableFuture<>();
        CompletableFuture<R> _ = future.whenComplete((_, _) -> call.close());
        boolean isStarted = false;
        try {
            Thread _ = Thread.ofVirtual().name("ipc-channel answer")
                    .start(() -> finish(call, future));
            isStarted = true;
            return future;
        } finally {
            if (!isStarted) {
                call.close();
            }
        }
    }

    private static <R> void finish(ServedCall<?, R> call, CompletableFuture<R> future) {
        try {
            R answer = call.answer(Limit.NONE);
            if (!future.complete(answer)) {
                call.drop(answer);
            }
        } catch (Throwable failure) { // whatever it is, somebody waits for it
            boolean _ = future.completeExceptionally(failure);
        }
    }

    /// Asks for an answer in parts, waiting for no more than a server and room to do so.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent. An answer in one piece is
    /// the only part.
    public Parts<R> stream(Q question) throws InterruptedException {
        return watched(begun(question, Limit.NONE));
    }

    /// Asks for an answer in parts, waiting for a server and room to do so no longer than
    /// `timeout`. Throws what [#stream(Object)] throws.
    ///
    /// @throws TimedOut if there was no server, or no room, in time; nothing is sent
    public Parts<R> stream(Q question, Duration timeout) throws InterruptedException {
        return watched(begun(question, limit(timeout)));
    }

    private static <R> Parts<R> watched(ServedCall<?, R> call) {
        call.watchForgotten();
        return call;
    }

    private ServedCall<Q, R> begun(Q question, Limit limit) throws InterruptedException {
        Argument.given(question, "question");
        ServedCall<Q, R> call = new ServedCall<>(servers, terms, question);
        call.ask(limit);
        return call;
    }

    private static Limit limit(Duration timeout) {
        return new Limit(EndAccess.deadline(timeout), timeout);
    }

    /// How many servers can be asked now. It may change a moment later.
    public int serverCount() {
        return servers.count();
    }

    /// Waits until a server is ready: there, and with a heartbeat.
    ///
    /// @throws EndClosed if this caller is closed meanwhile
    public void waitUntilReady() throws InterruptedException {
        if (!isReadyBy(1, Deadline.NEVER)) {
            throw servers.closed();
        }
    }

    private boolean isReadyBy(int count, Deadline deadline) throws InterruptedException {
        try {
            return servers.heartbeats().isReadyBy(terms.member(), count, deadline);
        } finally {
            Reference.reachabilityFence(terms.user()); // one at work is not forgotten
        }
    }

    /// Waits until a server is ready, no longer than `timeout`. Throws what
    /// [#waitUntilReady(int, Duration)] throws.
    public void waitUntilReady(Duration timeout) throws InterruptedException {
        waitUntilReady(1, timeout);
    }

    /// Waits until so many servers are ready at once, no longer than `timeout`.
    ///
    /// @throws TimedOut if there were not in time
    /// @throws EndClosed if this caller is closed meanwhile
    public void waitUntilReady(int count, Duration timeout) throws InterruptedException {
        int wanted = Argument.notNegative(count, "count");
        if (!isReadyBy(wanted, EndAccess.deadline(timeout))) {
            checkOpen();
            throw Opening.tooFew("too few servers are ready", name(),
                    "wanted=%d, ready=%d, there=%d".formatted(wanted, servers.heartbeats().ready(),
                            serverCount()),
                    timeout, servers.heartbeats().whyUnready(terms.member(), wanted));
        }
    }

    /// Has `action` run for each server that joins, and for those that are there already. Actions
    /// run one after another on a virtual thread, and get each in order. Keep no reference to
    /// this caller in them if it is to be found when it is forgotten.
    ///
    /// @throws EndClosed if this caller is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> heard = NamedMember.heardBy(action);
        checkOpen();
        terms.member().onJoin(heard);
    }

    /// Has `action` run for each server that has stopped serving or died, as [#onJoin] does; not
    /// when this caller is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> heard = NamedMember.heardBy(action);
        checkOpen();
        terms.member().onLeave(heard);
    }

    private void checkOpen() {
        if (servers.isOver()) {
            throw servers.closed();
        }
    }

    /// Closes it, and fails each open call with [EndClosed]; handlers of its questions are
    /// cancelled. The second and later closes do nothing.
    @Override
    public void close() {
        try {
            closeAll(terms.member(), servers);
        } finally {
            presence.clean();
        }
    }

    @Override
    public String toString() {
        return "NamedCaller[%s, servers=%d]".formatted(name(), serverCount());
    }
}
