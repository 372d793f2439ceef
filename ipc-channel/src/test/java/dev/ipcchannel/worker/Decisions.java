package dev.ipcchannel.worker;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Quarantine;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.worker.Batch.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The decisions of a set without a process or a thread: what it would have done is written down,
/// as `start`, `end 1`, `bury 2`, `kill 3`, `send one to 1`, and the test says what has come of it.
final class Decisions
        implements Staffing.Orders<String, String>, PendingJob.Owner<String, String>,
        WorkerListener {

    static final ChildReport REPORT =
            new ChildReport(1, Duration.ZERO, OptionalInt.of(1), List.of(), null, "");

    final List<String> orders = new ArrayList<>();
    final List<Long> delays = new ArrayList<>();
    final List<Object> quarantined = new ArrayList<>();
    @Nullable
    String givenUp;
    boolean isGoingDown;

    final SetLock lock = new SetLock(this, this::hasRoom);
    final Roster<String, String> roster;
    final JobQueue<String, String> queue;
    final JobRecovery<String, String> recovery;
    final Staffing<String, String> staffing;
    final WorkerEvents<String, String> events;
    private long lastPid = 100;
    private long lastSent;
    private boolean takeBatches;

    Decisions(SetOptions<String, String> options) {
        Quarantine quarantine = new Quarantine();
        roster = new Roster<>(options, () -> isGoingDown);
        queue = new JobQueue<>(options, roster, quarantine, lock);
        recovery = new JobRecovery<>(options, queue, roster, quarantine, lock);
        staffing = new Staffing<>(options, queue, roster, lock, this);
        events = new WorkerEvents<>(options, queue, recovery, staffing, roster, lock);
    }

    /// The settings of a set of so many workers, each with so many jobs at once and ahead.
    static SetOptions<String, String> options(int workers, int jobsAtOnce, int prefetch, int spares,
            int queueCapacity) {
        return options(workers, jobsAtOnce, prefetch, spares, queueCapacity, Long.MAX_VALUE, null);
    }

    /// The settings of a set of so many workers, each with so much memory, of which all but one end
    /// when they are idle.
    static SetOptions<String, String> options(int workers, long maxMemory,
            @Nullable Duration idleTime) {
        return options(workers, 1, 1, 0, 900, maxMemory, idleTime);
    }

    private static SetOptions<String, String> options(int workers, int jobsAtOnce, int prefetch,
            int spares, int queueCapacity, long maxMemory, @Nullable Duration idleTime) {
        return new SetOptions<>(ChildJvm.ofCommand("none"),
                JobTypes.of(TypeToken.of(String.class), TypeToken.of(String.class)), workers,
                jobsAtOnce, prefetch, queueCapacity, BusyPolicy.reject(), null,
                TimeoutAction.ERROR, spares, null, prefetch == 0 ? 3 : 1000, null, maxMemory, 1,
                idleTime, Set.of("app.Broken"), 2, Duration.ofHours(1), new WorkerListener() {},
                ContextCarrier.of(Map.of()));
    }

    /// Decides something inside the lock; what is put off runs before this returns.
    void decide(Runnable decision) {
        lock.enter();
        try {
            decision.run();
        } finally {
            lock.exit();
        }
    }

    /// Starts the set, with all its workers ready.
    Decisions ready() {
        decide(staffing::balance);
        startAll();
        return this;
    }

    /// The same with workers that take batches of jobs.
    Decisions readyForBatches() {
        takeBatches = true;
        Decisions _ = ready();
        roster.all().forEach(WorkerHandle::setTakesBatches);
        return this;
    }

    /// The same with workers that have marks, and have not said yet that they take batches.
    Decisions readyWithMarks() {
        takeBatches = true;
        return ready();
    }

    /// A worker's mark, as a worker that takes batches stores it, says that it has begun a job.
    static void mark(PendingJob<String, String> job) {
        mark(attempt(job));
    }

    /// The same of a try that may be another worker's by now.
    static void mark(Attempt<String, String> attempt) {
        FakeMarks marks = (FakeMarks) requireNonNull(attempt.worker().process().marks());
        marks.other = attempt.batch().first() + attempt.batch().attempts().indexOf(attempt);
    }

    /// The mark of the set's side for a worker.
    long epoch(int number) {
        return ((FakeMarks) requireNonNull(worker(number).process().marks())).own;
    }

    /// All whose start was ordered are ready.
    void startAll() {
        while (orders.remove("start")) {
            decide(() -> {
                WorkerHandle<String, String> _ = staffing
                        .started(new FakeProcess(++lastPid, takeBatches ? new FakeMarks() : null));
            });
        }
    }

    WorkerHandle<String, String> worker(int number) {
        return roster.all().stream().filter(worker -> worker.snapshot().number() == number)
                .findFirst().orElseThrow();
    }

    PendingJob<String, String> job(String data) {
        return job(data, null, TimeoutAction.ERROR, false);
    }

    PendingJob<String, String> job(String data, @Nullable Duration timeout, TimeoutAction action,
            boolean isIdempotent) {
        return new PendingJob<>(this, new Task.Bidirectional<>(data),
                new JobOptions<>(timeout, action, isIdempotent, null, null, null, 0),
                Headers.NONE);
    }

    /// A job of a key, with a priority.
    PendingJob<String, String> job(String data, @Nullable String key, int priority) {
        JobOptions<String> options =
                new JobOptions<>(null, TimeoutAction.ERROR, false, null, null, key,
                        priority);
        return new PendingJob<>(this, new Task.Bidirectional<>(data), options, Headers.NONE);
    }

    /// Gives the set a job of a key that may be done twice.
    PendingJob<String, String> idempotent(String data, String key) {
        PendingJob<String, String> job = new PendingJob<>(this, new Task.Bidirectional<>(data),
                JobOptions.<String>of(null, TimeoutAction.ERROR).withIdempotent().withKey(key),
                Headers.NONE);
        boolean _ = isAdmitted(job);
        return job;
    }

    /// Gives the set a job of a key.
    PendingJob<String, String> give(String data, @Nullable String key, int priority) {
        PendingJob<String, String> job = job(data, key, priority);
        boolean _ = isAdmitted(job);
        return job;
    }

    /// Gives the set a job. One that goes to a worker is an order here, as one that waits is later.
    boolean isAdmitted(PendingJob<String, String> job) {
        boolean[] isAdmitted = {false};
        decide(() -> {
            try {
                isAdmitted[0] = queue.admit(job);
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
            Attempt<String, String> attempt = job.attempt();
            if (attempt != null) {
                send(attempt.batch());
            }
            queue.distribute();
        });
        return isAdmitted[0];
    }

    /// Gives the set a job with that data.
    PendingJob<String, String> give(String data) {
        PendingJob<String, String> job = job(data);
        boolean _ = isAdmitted(job);
        return job;
    }

    /// The worker that has that job begins with it.
    static void begin(PendingJob<String, String> job) {
        attempt(job).batch().onPart(new Outcome.Started<>(0, false));
    }

    static Attempt<String, String> attempt(PendingJob<String, String> job) {
        Attempt<String, String> attempt = job.attempt();
        if (attempt == null) {
            throw new AssertionError("no worker has the job");
        }
        return attempt;
    }

    /// The worker that has that job answers it, or says how it has failed.
    void end(PendingJob<String, String> job, @Nullable RuntimeException failure) {
        Attempt<String, String> attempt = attempt(job);
        decide(() -> {
            if (events.ended(attempt, failure == null ? "done" : null, failure)) {
                lock.completeLater(job);
            }
            attempt.worker().pace().ended(attempt.batch().lastNanos(), 1);
            events.released(attempt.worker());
        });
    }

    /// A worker dies, and is buried.
    void die(int number) {
        WorkerHandle<String, String> worker = worker(number);
        decide(() -> events.lost(worker));
        decide(() -> recovery.rescue(worker, false));
        decide(() -> events.buried(worker, false, REPORT, null));
    }

    /// Whether a job that waits is to be looked at again.
    private boolean hasRoom() {
        return queue.hasRoom();
    }

    @Override
    public void start(boolean isSpare, long delayNanos) {
        orders.add("start");
        delays.add(delayNanos);
    }

    @Override
    public void grow(long delayNanos) {
        orders.add("grow");
    }

    @Override
    public void measure(WorkerHandle<String, String> worker, long delayNanos) {
        orders.add("measure " + worker.snapshot().number());
        delays.add(delayNanos);
    }

    @Override
    public void end(WorkerHandle<String, String> worker) {
        orders.add("end " + worker.snapshot().number());
    }

    @Override
    public void bury(WorkerHandle<String, String> worker, boolean wasPlanned) {
        orders.add("bury " + worker.snapshot().number());
    }

    @Override
    public void bury(Attempt<String, String> overdue) {
        orders.add("kill " + overdue.worker().snapshot().number());
    }

    @Override
    public void send(Batch<String, String> batch) {
        batch.setOrder(++lastSent);
        batch.setSent();
        orders.add("send %s to %d".formatted(
                batch.attempts().stream().map(attempt -> attempt.job().task().data())
                        .collect(joining(" ")),
                batch.worker().snapshot().number()));
    }

    @Override
    public void results(Batch<String, String> batch, Outcome.Results<String> results) {
        throw new UnsupportedOperationException("no call is made");
    }

    @Override
    public void ended(Batch<String, String> batch, @Nullable Outcome<String> last) {
        throw new UnsupportedOperationException("no call is made");
    }

    @Override
    public void broken(Batch<String, String> batch, RuntimeException failure) {
        throw new UnsupportedOperationException("no call is made");
    }

    @Override
    public void failed(Batch<String, String> batch, RuntimeException failure) {
        throw new UnsupportedOperationException("no call is made");
    }

    @Override
    public void watchAhead(long nanos) {
        orders.add("watch");
    }

    @Override
    public void expire(PendingJob<String, String> job) {
        decide(() -> events.expire(job));
    }

    @Override
    public boolean giveUp(PendingJob<String, String> job, @Nullable String value,
            @Nullable Throwable reason) {
        boolean[] isFirst = {false};
        decide(() -> isFirst[0] = queue.giveUp(job, value, reason));
        lock.completions().complete(job);
        return isFirst[0];
    }

    @Override
    public void onQuarantined(Object data) {
        quarantined.add(data);
    }

    @Override
    public void onGivenUp(String reason) {
        givenUp = reason;
    }

    /// Marks of which the test stores the worker's.
    private static final class FakeMarks implements Marks {

        private long own;
        private long other;

        @Override
        public void set(long mark) {
            own = mark;
        }

        @Override
        public long other() {
            return other;
        }
    }

    /// A process that there is not.
    ///
    /// @param pid its number
    private record FakeProcess(long pid, @Nullable Marks marks)
            implements WorkerProcess<String, String> {

        @Override
        public long privateMemory() {
            throw new UnsupportedOperationException("no process is measured");
        }

        @Override
        public String program() {
            return "none";
        }

        @Override
        public String commandLine() {
            return "none";
        }

        @Override
        public Caller<Task<String>, Outcome<String>> caller() {
            throw new UnsupportedOperationException("no call is made");
        }

        @Override
        public void warmUp() {
            // it has nothing to load
        }

        @Override
        public void forgetErrorLines() {
            // it has written none
        }

        @Override
        public void onExit(Runnable action) {
            throw new UnsupportedOperationException("it is the test that says so");
        }

        @Override
        public void onFailure(Consumer<String> action) {
            throw new UnsupportedOperationException("it is the test that says so");
        }

        @Override
        public void leaveToHooksWhile(BooleanSupplier hasWork) {
            throw new UnsupportedOperationException("it is the test that says so");
        }

        @Override
        public @Nullable String failure() {
            return null;
        }

        @Override
        public boolean awaitItsEnd() {
            return true;
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException("no decision stops a process");
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException("no decision kills a process");
        }

        @Override
        public ChildReport report() {
            return REPORT;
        }

        @Override
        public ChildReport reportWithThreads() {
            return REPORT;
        }
    }
}
