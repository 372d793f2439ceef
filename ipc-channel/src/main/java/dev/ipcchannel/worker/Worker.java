package dev.ipcchannel.worker;

import dev.ipcchannel.Link;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildAccess;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.RunOnce;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.JvmFailure;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The worker's side of a [WorkerSet], in a process that the set has started.
///
/// ```java
/// Worker.serve(HostMessage.class, Integer.class, message -> switch (message) {
///     case Add(int a, int b) -> a + b;
///     case Sub(int a, int b) -> a - b;
/// });
/// ```
///
/// A set that closes makes `receive` give null. When the process of the set is gone, the worker is
/// halted within two seconds, whether it waits or is busy (see [ChildJvm#onParentDeath]).
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public final class Worker<Q, R> implements AutoCloseable {

    private final Responder<Task<Q>, Outcome<R>> responder;
    private final @Nullable Batching<Q, R> batching;
    private final int jobs = ChildAccess.jobs();
    private volatile long lastNanos; // of the last job that a handler has done
    // Of jobs that need no answer, by the threads that do them.
    private final ConcurrentMap<Thread, Question<Task<Q>, Outcome<R>>> unanswered =
            new ConcurrentHashMap<>();

    /// @param batching how it takes batches of jobs; null if it takes none
    Worker(Responder<Task<Q>, Outcome<R>> responder, @Nullable Batching<Q, R> batching) {
        this.responder = responder;
        this.batching = batching;
    }

    /// Connects with the set that has started this process. To be called once.
    ///
    /// @throws IllegalStateException if no set has started this process
    /// @throws IllegalArgumentException if there is no codec for a type
    /// @throws dev.ipcchannel.Disconnected if the host has gone meanwhile
    /// @throws dev.ipcchannel.IpcException if it is not possible for another reason
    /// @throws InterruptedException if the thread is interrupted while it waits
    public static <Q, R> Worker<Q, R> connect(Class<Q> data, Class<R> answers)
            throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        return connect(TypeToken.of(data), TypeToken.of(answers));
    }

    /// The same for generic types. Throws what [#connect(Class, Class)] throws.
    public static <Q, R> Worker<Q, R> connect(TypeToken<Q> data, TypeToken<R> answers)
            throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        return connect(ChildAccess.transport(), data, answers);
    }

    /// The same by a transport that is not one of the library's. Throws what [#connect(Class,
    /// Class)] throws.
    public static <Q, R> Worker<Q, R> connect(Transport transport, Class<Q> data,
            Class<R> answers) throws InterruptedException {
        Argument.given(transport, "transport");
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        return connect(transport, TypeToken.of(data), TypeToken.of(answers));
    }

    /// The same by a transport that is not one of the library's. Throws what [#connect(Class,
    /// Class)] throws.
    public static <Q, R> Worker<Q, R> connect(Transport transport, TypeToken<Q> data,
            TypeToken<R> answers) throws InterruptedException {
        Argument.given(transport, "transport");
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        JvmFailure.watch();
        JobTypes<Q, R> types = JobTypes.of(data, answers);
        Link<Reply<Outcome<R>>, Request<Task<Q>>> link =
                ChildJvm.parent(transport, types.replies(), types.requests());
        Batching<Q, R> batching = Batching.of(types, link); // before the link has an owner
        Worker<Q, R> worker = new Worker<>(new Responder<>(link), batching);
        JvmFailure.notifyParent();
        return worker;
    }

    /// Does jobs until the host is gone or wants no more: then it returns.
    ///
    /// One after the other on the calling thread; where the host gives several at once, each on a
    /// virtual thread. A cancel interrupts the thread of its job, and of no other; on the calling
    /// thread once the job has run for some milliseconds. An interrupt closes a
    /// [java.nio.channels.FileChannel], or any other interruptible channel, that the thread is
    /// using: handlers do not share those.
    ///
    /// Throws what [#connect(Class, Class)] and [Responder#serve] throw.
    public static <Q, R> void serve(Class<Q> data, Class<R> answers, JobHandler<Q, R> handler)
            throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        serve(TypeToken.of(data), TypeToken.of(answers), handler);
    }

    /// The same for generic types. Throws what [#serve(Class, Class, JobHandler)] throws.
    public static <Q, R> void serve(TypeToken<Q> data, TypeToken<R> answers,
            JobHandler<Q, R> handler) throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        Argument.given(handler, "handler");
        try (Worker<Q, R> worker = connect(data, answers)) {
            worker.serve(handler);
        }
    }

    /// The same for jobs of which nothing but the data matters.
    public static <Q, R> void serve(Class<Q> data, Class<R> answers, JobFunction<Q, R> function)
            throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        serve(TypeToken.of(data), TypeToken.of(answers), function);
    }

    /// The same for jobs of generic types of which nothing but the data matters.
    public static <Q, R> void serve(TypeToken<Q> data, TypeToken<R> answers,
            JobFunction<Q, R> function) throws InterruptedException {
        Argument.given(data, "data");
        Argument.given(answers, "answers");
        Argument.given(function, "function");
        serve(data, answers, new Plain<>(function));
    }

    /// A handler by what a user has given.
    private record Plain<Q, R>(JobFunction<Q, R> function) implements JobHandler<Q, R> {

        @Override
        public @Nullable R handle(Q data, JobContext<R> job) throws Exception {
            return function.handle(data);
        }
    }

    /// A handler that runs within the context of each job that has headers.
    record Within<Q, R>(ContextCarrier carrier, JobHandler<Q, R> handler)
            implements JobHandler<Q, R> {

        @Override
        public @Nullable R handle(Q data, JobContext<R> job) throws Exception {
            if (job.headers().isEmpty()) {
                return handler.handle(data, job);
            }
            return RunOnce.<@Nullable R, Exception>pass(() -> handler.handle(data, job), carrier,
                    once -> carrier.within(job.headers(), once));
        }
    }

    /// Does jobs until the host is gone or wants no more: then it returns. See [#serve(Class,
    /// Class, JobHandler)].
    public void serve(JobHandler<Q, R> handler) throws InterruptedException {
        Argument.given(handler, "handler");
        try {
            serveJobs(new Tasks(handler));
        } catch (Error failure) { // before the link ends, from which the host learns no reason
            JvmFailure.note(failure);
            throw failure;
        }
    }

    /// The host's tasks as questions.
    private final class Tasks implements Handler<Task<Q>, Outcome<R>> {

        private final JobHandler<Q, R> handler;

        Tasks(JobHandler<Q, R> handler) {
            this.handler = handler;
        }

        @Override
        public @Nullable Outcome<R> answer(Task<Q> task, Exchange<Outcome<R>> exchange)
                throws Exception {
            return handle(handler, task, exchange);
        }

        @Override
        public void whileItTakesLong(Exchange<Outcome<R>> exchange) throws InterruptedException {
            if (batching != null) {
                batching.sendGathered(exchange);
            }
        }
    }

    private void serveJobs(Handler<Task<Q>, Outcome<R>> handler) throws InterruptedException {
        if (jobs == 1) {
            responder.serve(handler);
            return;
        }
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            responder.serve(handler, threads);
        } finally {
            threads.shutdownNow(); // not close: that would wait for what is not wanted any more
        }
    }

    private @Nullable Outcome<R> handle(JobHandler<Q, R> handler, Task<Q> task,
            Exchange<Outcome<R>> exchange) throws Exception {
        if (batching != null && task instanceof Task.Marked<Q> job) {
            return batching.run(job, handler, exchange);
        }
        if (batching != null && task instanceof Task.Batch<Q> batch) {
            return batching.run(batch, handler, exchange);
        }
        boolean hasStarted = false;
        try {
            JvmFailure.check(); // before the job has begun: another worker gets it
            exchange.part(new Outcome.Started<>(lastNanos, batching != null && jobs == 1));
            hasStarted = true;
        } finally {
            if (!hasStarted) { // cancelled: the handler does not get it
                responder.drop(task);
            }
        }
        if (!(task instanceof Task.Work<Q> work)) {
            return null; // a rehearsal
        }
        boolean isBidirectional = work instanceof Task.Bidirectional<Q>;
        long begun = System.nanoTime();
        R answer;
        try {
            answer = handle(handler, work.data(),
                    new JobReply.ExchangeContext<>(exchange, isBidirectional));
        } finally {
            lastNanos = System.nanoTime() - begun;
        }
        Error broken = JvmFailure.first();
        if (answer != null && (broken != null || !isBidirectional)) {
            responder.dropUnsent(new Outcome.Value<>(answer));
        }
        if (broken != null) { // meanwhile: it fails with that
            throw broken;
        }
        if (!isBidirectional) {
            return null;
        }
        if (answer == null) {
            throw noAnswer(handler);
        }
        return new Outcome.Value<>(answer);
    }

    /// The failure of a handler that has no answer to a job with one. No message is null.
    static NullPointerException noAnswer(Object given) {
        Object handler = given;
        if (handler instanceof Within<?, ?>(_, var inner)) {
            handler = inner;
        }
        if (handler instanceof Plain<?, ?>(var function)) {
            handler = function;
        }
        return new NullPointerException(("a handler returned null for a job whose answer is waited"
                + " for: handler=%s: have it return an Optional, or a record with one, where"
                + " there may be nothing (TypeToken<Optional<Answer>>), or give the job by tell")
                .formatted(
                        handler.getClass().getName().replaceFirst("\\$\\$Lambda.*", "'s lambda")));
    }

    /// An interrupt that a handler leaves or throws is its own: the next job is not to meet it.
    static <Q, R> @Nullable R handle(JobHandler<Q, R> handler, Q data, JobContext<R> job)
            throws Exception {
        try {
            return handler.handle(data, job);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("the handler of a job was interrupted", interrupt);
        } finally {
            boolean _ = Thread.interrupted();
        }
    }

    /// How many jobs the host gives at once, at most.
    public int jobs() {
        return jobs;
    }

    /// Waits for a job. Any number of threads may call it. A job that is waited for may be answered
    /// before or after the next one is received; a thread that got one without an answer has done
    /// it when it receives again. Once a thread of this worker has ended by an `OutOfMemoryError`
    /// or an `InternalError`, no more jobs come: the set gives them to the worker that replaces
    /// this one.
    ///
    /// @return null if the host is gone or wants no more
    /// @throws dev.ipcchannel.CodecFailed if of what came not even the number can be read; close
    /// this worker then. A job that cannot be read is no such thing: it fails, and the next one
    /// comes
    /// @throws dev.ipcchannel.ProtocolViolation if the host broke the format
    /// @throws InterruptedException if the thread is interrupted while it waits; nothing is lost
    public @Nullable Job<Q, R> receive() throws InterruptedException {
        return receive(responder::receive);
    }

    /// Waits for a job no longer than `timeout`. Throws what [#receive()] throws.
    ///
    /// @return null if the host is gone or wants no more
    /// @throws dev.ipcchannel.TimedOut if none came in time
    public @Nullable Job<Q, R> receive(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        return receive(() -> responder.receive(Duration.ofNanos(deadline.remainingNanos())));
    }

    /// The next job if one is there, as [#receive()] gives it. It does not wait for one; what it
    /// says to the host, that a job has begun or was done, waits for room there.
    ///
    /// @return null if there is none now, or it goes to another thread that waits in `receive`
    /// @throws dev.ipcchannel.Disconnected if the host is gone or wants no more: none will come
    /// @throws dev.ipcchannel.EndClosed if this worker was closed before that
    /// @throws dev.ipcchannel.CodecFailed as [#receive()] does
    /// @throws dev.ipcchannel.ProtocolViolation if the host broke the format
    /// @throws InterruptedException if the thread is interrupted; nothing is lost
    public @Nullable Job<Q, R> tryReceive() throws InterruptedException {
        return receive(responder::tryReceive);
    }

    /// A way to wait for a question.
    private interface Receiving<Q, R> {

        /// @return null if no more come
        @Nullable
        Question<Task<Q>, Outcome<R>> next() throws InterruptedException;
    }

    private @Nullable Job<Q, R> receive(Receiving<Q, R> questions) throws InterruptedException {
        try {
            while (true) {
                endUnidirectional();
                Question<Task<Q>, Outcome<R>> question = questions.next();
                Job<Q, R> job = question == null ? null : job(question);
                if (question == null || job != null) {
                    return job;
                }
            }
        } catch (Error failure) { // before the link ends, from which the host learns no reason
            JvmFailure.note(failure);
            throw failure;
        }
    }

    private void hold(Question<Task<Q>, Outcome<R>> question) {
        unanswered.put(Thread.currentThread(), question);
    }

    /// @return null if there is none in it, or this worker is no good for one any more
    private @Nullable Job<Q, R> job(Question<Task<Q>, Outcome<R>> question) {
        Error broken = JvmFailure.first();
        if (broken != null) { // before the job has begun: another worker gets it
            responder.drop(question.value());
            sendUninterruptibly(() -> question.fail(broken));
            return null;
        }
        if (!(question.value() instanceof Task.Work<Q> work)) {
            hold(question); // a rehearsal, which ends with the next look
            return null;
        }
        // It gets nothing ahead, which it could not give back while its thread has a job.
        sendUninterruptibly(() -> question.partIfOpen(new Outcome.Started<>(0, false)));
        return switch (work) {
            case Task.Bidirectional<Q>(Q data) ->
                    new Job.Bidirectional<>(data, new JobReply<>(question, responder));
            case Task.Unidirectional<Q>(Q data) -> {
                hold(question);
                yield new Job.Unidirectional<>(data);
            }
        };
    }

    /// A message to the host whose sending waits for room.
    private interface BlockingSend {

        void run() throws InterruptedException;
    }

    /// Goes on after an interrupt: the job was taken, and the host would wait for it for ever.
    private static void sendUninterruptibly(BlockingSend message) {
        boolean isInterrupted = false;
        boolean isSent = false;
        while (!isSent) {
            try {
                message.run();
                isSent = true;
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The calling thread has done its last job.
    private void endUnidirectional() throws InterruptedException {
        Question<Task<Q>, Outcome<R>> question = unanswered.get(Thread.currentThread());
        if (question != null) {
            Error broken = JvmFailure.first();
            if (broken == null) {
                question.end(); // interrupted: the next receive ends it
            } else {
                question.fail(broken);
            }
            unanswered.remove(Thread.currentThread());
        }
    }

    /// Takes no more jobs; the host sees it as this worker's end. The second and later closes do
    /// nothing.
    @Override
    public void close() {
        responder.close();
    }

    @Override
    public String toString() {
        return "Worker[jobs=%d, %s]".formatted(jobs, responder);
    }
}
