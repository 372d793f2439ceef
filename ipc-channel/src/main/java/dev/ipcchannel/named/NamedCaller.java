package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.Entry;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.named.ServiceCall.Limit;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A caller of the servers of a name ([NamedService]), in any process: any number of questions at
/// once, from any number of threads.
///
/// A question goes to the server with the fewest open calls of this caller; equal servers are asked
/// in turn. While there is no server, the call waits for one, unless the options say otherwise
/// ([Unreceived]). A call that times out, is closed, or whose thread is interrupted is cancelled at
/// the server.
///
/// A server may end amid calls. A call that it had not begun goes to another server, once. A call
/// that it had begun fails with [dev.ipcchannel.Disconnected], which names the process; a caller of
/// questions that may be answered twice ([#idempotent]) gives such a call to another server, once.
/// A call of which parts have been taken always fails.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
public final class NamedCaller<Q, R> implements AutoCloseable {

    private final CallerRole<Q, R> servers;
    private final ServiceCall.Terms terms;
    private final Cleanable presence; // of this caller under its name

    private NamedCaller(CallerRole<Q, R> servers, ServiceCall.Terms terms, Cleanable presence) {
        this.servers = servers;
        this.terms = terms;
        this.presence = presence;
    }

    private static <Q, R> NamedCaller<Q, R> of(CallerRole<Q, R> servers, Member member,
            boolean isWaiting) {
        ServiceCall.Terms terms = new ServiceCall.Terms(new Object(), member, false, isWaiting,
                ContextCarrier.of(Map.of()));
        return new NamedCaller<>(servers, terms, EndAccess.whenForgotten(terms.user(),
                () -> "a caller by name, name=" + member.name(), servers::isOver,
                () -> closeAll(member, servers)));
    }

    private static void closeAll(@Nullable Member member, CallerRole<?, ?> servers) {
        AllSteps.take(Opening.closing(member), servers::end);
    }

    /// Opens a service with the default options. Waits for the present servers of that name, two
    /// seconds at most; others may come later.
    ///
    /// @throws IllegalArgumentException if the name is not valid (1 to 200 bytes of UTF-8, without
    /// `/` and control characters), if there is no codec for one of the types, or if the options
    /// would drop questions
    /// @throws dev.ipcchannel.TypeMismatch if the name is open for other questions or answers
    /// @throws TimedOut if another process, which is stopped, has the name locked
    /// @throws dev.ipcchannel.HandshakeFailed if the name is open in a process with another
    /// version, or if there is no usable directory of names
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors, memory or room have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is opened
    public static <Q, R> NamedCaller<Q, R> open(String name, Class<Q> questions, Class<R> answers)
            throws InterruptedException {
        return open(name, questions, answers, NamedOptions.defaults());
    }

    /// Opens a service. Throws what [#open(String, Class, Class)] throws.
    ///
    /// @param options the channel by which each server answers, and what happens to a question
    /// while there is no server: it waits, or fails
    public static <Q, R> NamedCaller<Q, R> open(String name, Class<Q> questions, Class<R> answers,
            NamedOptions options) throws InterruptedException {
        Argument.given(questions, "questions");
        Argument.given(answers, "answers");
        return open(name, TypeToken.of(questions), TypeToken.of(answers), options);
    }

    /// Opens a service for generic types with the default options. Throws what [#open(String,
    /// Class, Class)] throws.
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

    /// The name of the service.
    public String name() {
        return terms.member().name();
    }

    /// This caller, for questions that may be answered twice: a question whose server ends amid it
    /// goes to another server, once. In all else the two objects are the same, and they are closed
    /// together.
    public NamedCaller<Q, R> idempotent() {
        return with(true, terms.context());
    }

    /// This caller, for questions that have a context, of which `carrier` makes the headers when a
    /// question is asked; the service takes it up by [dev.ipcchannel.call.Handler#within]. In all
    /// else the two objects are the same, and they are closed together.
    public NamedCaller<Q, R> withContext(ContextCarrier carrier) {
        return with(terms.isIdempotent(), Argument.given(carrier, "carrier"));
    }

    private NamedCaller<Q, R> with(boolean isIdempotent, ContextCarrier context) {
        return new NamedCaller<>(servers, new ServiceCall.Terms(terms.user(), terms.member(),
                isIdempotent, terms.isWaiting(), context), presence);
    }

    /// Asks a question, and waits for the answer as long as one can come.
    ///
    /// @throws dev.ipcchannel.CallFailed if the handler failed, or if the server could not read the
    /// question or send the answer
    /// @throws dev.ipcchannel.Disconnected if the server has ended, and the call cannot go to
    /// another server
    /// @throws dev.ipcchannel.NoReceiver if there is no server, with [Unreceived#FAIL]
    /// @throws dev.ipcchannel.CodecFailed if the question cannot be turned into bytes, and then
    /// nothing is sent; or if the answer cannot be read
    /// @throws dev.ipcchannel.MessageTooLarge if the question is longer than the server takes;
    /// nothing is sent
    /// @throws dev.ipcchannel.ProtocolViolation if the server broke the format, or answers in parts
    /// or not at all
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws EndClosed if this caller is closed, before or during the wait
    /// @throws IllegalArgumentException if the context of the question cannot travel, see
    /// [ContextCarrier]; nothing is asked
    /// @throws InterruptedException if the thread is interrupted while it waits; the call is
    /// cancelled
    public R call(Q question) throws InterruptedException {
        return call(question, Limit.NONE);
    }

    /// Asks a question, and waits for a server and its answer no longer than `timeout`. Throws what
    /// [#call(Object)] throws.
    ///
    /// @throws TimedOut if the answer did not come in time; the call is cancelled. If the timeout
    /// is zero or negative, nothing is asked
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
        try (ServiceCall<Q, R> call = begun(question, limit)) {
            return call.answer(limit);
        }
    }

    /// Asks a question, and waits only for a server and for room to ask it.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent; an answer or a later
    /// failure completes the future. To complete it in another way, for instance by `cancel` or
    /// `orTimeout`, cancels the call. Dependent stages run on a virtual thread of their own, and
    /// may wait.
    public CompletableFuture<R> send(Q question) throws InterruptedException {
        return send(question, Limit.NONE);
    }

    /// Asks a question, and waits for a server and for room no longer than `timeout`, which does
    /// not limit the wait for the answer. Throws what [#send(Object)] throws.
    ///
    /// @throws TimedOut if there was no server, or no room, in time; nothing is sent
    public CompletableFuture<R> send(Q question, Duration timeout) throws InterruptedException {
        return send(question, limit(timeout));
    }

    private CompletableFuture<R> send(Q question, Limit limit) throws InterruptedException {
        ServiceCall<Q, R> call = begun(question, limit);
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

    private static <R> void finish(ServiceCall<?, R> call, CompletableFuture<R> future) {
        try {
            R answer = call.answer(Limit.NONE);
            if (!future.complete(answer)) {
                call.drop(answer);
            }
        } catch (Throwable failure) { // whatever it is, the future fails with it
            boolean _ = future.completeExceptionally(failure);
        }
    }

    /// Asks for an answer in parts, and waits only for a server and for room to ask.
    ///
    /// Throws what [#call(Object)] throws if the question cannot be sent. An answer in one piece is
    /// the only part.
    public Parts<R> stream(Q question) throws InterruptedException {
        return watched(begun(question, Limit.NONE));
    }

    /// Asks for an answer in parts, and waits for a server and for room no longer than `timeout`.
    /// Throws what [#stream(Object)] throws.
    ///
    /// @throws TimedOut if there was no server, or no room, in time; nothing is sent
    public Parts<R> stream(Q question, Duration timeout) throws InterruptedException {
        return watched(begun(question, limit(timeout)));
    }

    private static <R> Parts<R> watched(ServiceCall<?, R> call) {
        call.watchForgotten();
        return call;
    }

    private ServiceCall<Q, R> begun(Q question, Limit limit) throws InterruptedException {
        Argument.given(question, "question");
        ServiceCall<Q, R> call = new ServiceCall<>(servers, terms, question);
        call.ask(limit);
        return call;
    }

    private static Limit limit(Duration timeout) {
        return new Limit(EndAccess.deadline(timeout), timeout);
    }

    /// The number of servers that can be asked now. It may change a moment later.
    public int serverCount() {
        return servers.count();
    }

    /// Waits until a server is ready, that is present and with a heartbeat.
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
            Reference.reachabilityFence(terms.user()); // a caller at work is not forgotten
        }
    }

    /// Waits until a server is ready, no longer than `timeout`. Throws what [#waitUntilReady(int,
    /// Duration)] throws.
    public void waitUntilReady(Duration timeout) throws InterruptedException {
        waitUntilReady(1, timeout);
    }

    /// Waits until `count` servers are ready at once, no longer than `timeout`.
    ///
    /// @throws TimedOut if there were too few in time
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

    /// Registers `action` to run for each server that joins, and for those already present. Actions
    /// run one after another on a virtual thread, in the order of the events. An action that refers
    /// to this caller keeps it reachable, so that it cannot be found forgotten.
    ///
    /// @throws EndClosed if this caller is closed
    public void onJoin(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        terms.member().onJoin(onEntry);
    }

    /// Registers `action` to run for each server that has stopped serving or died, in the way of
    /// [#onJoin]. It does not run when this caller is closed. Throws what [#onJoin] throws.
    public void onLeave(Consumer<? super NamedMember> action) {
        Consumer<Entry> onEntry = NamedMember.entryAction(action);
        checkOpen();
        terms.member().onLeave(onEntry);
    }

    private void checkOpen() {
        if (servers.isOver()) {
            throw servers.closed();
        }
    }

    /// Closes this caller. Each open call fails with [EndClosed], and the handlers of its questions
    /// are cancelled. The second and later closes do nothing.
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
