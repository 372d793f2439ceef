package dev.ipcchannel.worker;

import dev.ipcchannel.Codec;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.JvmFailure;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Row;
import dev.ipcchannel.internal.job.Task;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The doing of batches of jobs, in a worker that does one job at a time: one after the other, each
/// with a result of its own, on the thread that serves.
///
/// Before each job the worker's mark says which one it begins, so that the host knows that of a
/// worker that has died; and no job is begun once the host's mark has changed, by which that takes
/// back what is not begun. As each side stores its own mark before it looks at the other's, one of
/// the two sees the other's ([Marks]): a job that the host takes for its own again is never begun.
/// Where both see each other, the job ends here without a result, and the host has it after that.
/// Results are sent before the jobs of another batch are begun, so that of the batch at the mark a
/// job without one, once this worker is gone, is that at the mark, or one before it whose result
/// was gathered and is lost with the worker; those after it were not begun.
///
/// Where there are no marks, the results so far go before each job, in one message with the word
/// that it is begun. What the host wants back it has only once this worker agrees: the thread that
/// looks for cancels sees that it is asked, and decides inside the lock, in which the next job is
/// begun as well. A word is whole in the socket before its job is begun, as a message of that
/// length is taken as a whole or not at all; longer results go before it, by themselves.
///
/// Longer than most files: what begins a job, says so and gives it back stands here together.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
@SuppressWarnings("ReferenceEquality") // exchanges are meant by identity
final class Batching<Q, R> {

    /// So long, and so many bytes, results wait for others to go with.
    private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int GATHER_BYTES = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final Codec<Q> data;
    private final Codec<R> answers;
    private final @Nullable Marks marks;
    // Of the results that wait for others to go with, which another thread sends if that is long.
    private final ReentrantLock lock = new ReentrantLock();
    private final Row.Writer results = new Row.Writer(); // inside the lock, as the next ones
    private long since; // the first of them was begun
    private @Nullable Exchange<Outcome<R>> atHand; // of the last batch
    private boolean isGivenBack; // no more of that batch is begun, where there are no marks
    private boolean isGiveBackReported;

    private Batching(Codec<Q> data, Codec<R> answers, @Nullable Marks marks) {
        this.data = data;
        this.answers = answers;
        this.marks = marks;
    }

    /// The doing of batches that come by a link.
    ///
    /// @return null if jobs have to come one by one: an end in one goes with its own message
    static <Q, R> @Nullable Batching<Q, R> of(JobTypes<Q, R> types,
            Link<Reply<Outcome<R>>, Request<Task<Q>>> link) {
        Codec<Q> data = Codec.of(types.data());
        Codec<R> answers = Codec.of(types.answers());
        return EndAccess.mayHaveEnds(data) || EndAccess.mayHaveEnds(answers) ? null
                : new Batching<>(data, answers, EndAccess.inMarks(link));
    }

    /// Does the jobs of a batch, as far as the host wants them done.
    ///
    /// @return the results that were not sent yet
    Outcome<R> run(Task.Batch<Q> batch, JobHandler<Q, R> handler,
            Exchange<Outcome<R>> exchange) {
        JvmFailure.check(); // before any has begun: another worker gets them
        Row.Reader jobs = new Row.Reader(batch.jobs());
        begin(exchange);
        boolean goesOn = true;
        for (long number = batch.first(); goesOn && jobs.hasNext(); number++) {
            Row.Kind kind = jobs.next();
            if (kind == Row.Kind.NOTHING) {
                add(Row.Kind.END);
            } else {
                goesOn = isBegun(number, batch.epoch(), exchange)
                        && isDone(jobs, new InBatch<>(exchange, jobs.headers().values(),
                                kind == Row.Kind.BIDIRECTIONAL), handler);
            }
            Outcome<R> due = goesOn && jobs.hasNext() ? takeIfDue() : null;
            if (due != null) {
                try {
                    exchange.part(due);
                    // what was done is reported, and no more is begun
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return due;
                }
            }
        }
        return take();
    }

    /// Begins a job, unless the host has taken it back or is to have it back.
    private boolean isBegun(long number, long epoch, Exchange<Outcome<R>> exchange) {
        return marks == null ? isReportedBegun(exchange) : isMarked(marks, number, epoch);
    }

    /// Reports, with the results so far, that the next job is begun.
    ///
    /// @return false if it is not, nor any after it
    private boolean isReportedBegun(Exchange<Outcome<R>> exchange) {
        lock.lock(); // also while this waits for room: the other thread sends nothing in between
        try {
            boolean begins = !isGivenBack && !exchange.isWithdrawn();
            if (begins) {
                long now = System.nanoTime();
                exchange.part(gathered(now, Outcome.Next.BEGUN));
                restart(now);
            }
            return begins;
        } catch (InterruptedException _) { // what was done is reported with the end
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void begin(Exchange<Outcome<R>> exchange) {
        lock.lock();
        try {
            restart(System.nanoTime()); // without those of a batch that has failed as a whole
            atHand = exchange;
            isGivenBack = false;
            isGiveBackReported = false;
        } finally {
            lock.unlock();
        }
    }

    /// Marks a job as begun, unless the host has taken it back. One of an old epoch leaves no mark:
    /// what is after it in the channel may have been done before its host has read that.
    private static boolean isMarked(Marks marks, long number, long epoch) {
        if (marks.other() != epoch) {
            return false;
        }
        marks.set(number); // before the look: see the class
        return marks.other() == epoch;
    }

    /// Does a job that has come alone, with a number, if the host wants it done. What its handler
    /// throws comes out.
    ///
    /// @return the answer; null if it has none
    @Nullable
    Outcome<R> run(Task.Marked<Q> job, JobHandler<Q, R> handler, Exchange<Outcome<R>> exchange)
            throws Exception {
        JvmFailure.check(); // before it has begun: another worker gets it
        long begun = System.nanoTime();
        if (marks == null || !isMarked(marks, job.number(), job.epoch())) {
            return new Outcome.Results<>(0, NOTHING, Outcome.Next.UNCHANGED);
        }
        R answer = Worker.handle(handler, job.data(),
                new JobReply.ExchangeContext<>(exchange, job.isBidirectional()));
        Error broken = JvmFailure.first();
        if (broken != null) { // meanwhile: it fails with that
            throw broken;
        }
        if (!job.isBidirectional()) {
            return null;
        }
        if (answer == null) {
            throw Worker.noAnswer(handler);
        }
        return new Outcome.Answer<>(System.nanoTime() - begun, answer);
    }

    /// Sends what waits, since the job at hand takes long, and gives back what is not begun if the
    /// host wants it. By another thread than the one that does the jobs, which comes to no end of
    /// the batch meanwhile.
    void sendGathered(Exchange<Outcome<R>> exchange) throws InterruptedException {
        lock.lock();
        try {
            if (exchange != atHand) {
                return; // of a job alone, or of a batch before
            }
            isGivenBack |= marks == null && exchange.isWithdrawn();
            if (results.count() > 0) {
                long now = System.nanoTime();
                exchange.part(gathered(now, Outcome.Next.UNCHANGED), Duration.ZERO);
                restart(now);
            }
            if (isGivenBack && !isGiveBackReported) {
                exchange.part(new Outcome.Results<>(0, NOTHING, Outcome.Next.GIVEN_BACK),
                        Duration.ZERO);
                isGiveBackReported = true;
            }
        } catch (TimedOut | IllegalStateException | Disconnected | EndClosed _) {
            // There is no room, and the next look tries again; or the batch is over.
        } finally {
            lock.unlock();
        }
    }

    /// The results that wait, unless they wait for others to go with.
    private @Nullable Outcome<R> takeIfDue() {
        lock.lock();
        try {
            boolean areDue = results.length() >= GATHER_BYTES
                    || (marks != null && System.nanoTime() - since >= GATHER_NANOS);
            return areDue ? take() : null;
        } finally {
            lock.unlock();
        }
    }

    /// The results that wait.
    private Outcome<R> take() {
        lock.lock();
        try {
            long now = System.nanoTime();
            Outcome<R> all = gathered(now, Outcome.Next.UNCHANGED);
            restart(now);
            return all;
        } finally {
            lock.unlock();
        }
    }

    /// Inside the lock.
    private Outcome<R> gathered(long now, Outcome.Next next) {
        return new Outcome.Results<>(now - since, results.bytes(), next);
    }

    /// What comes next is gathered from that moment on. Inside the lock.
    private void restart(long now) {
        results.clear();
        since = now;
    }

    private void add(Row.Kind kind) {
        lock.lock();
        try {
            results.add(kind);
        } finally {
            lock.unlock();
        }
    }

    private <T> void add(Row.Kind kind, T value, Codec<T> codec) {
        lock.lock();
        try {
            results.add(kind, value, codec);
        } finally {
            lock.unlock();
        }
    }

    /// Does a job that is begun.
    ///
    /// @return whether this JVM is good for the next one
    private boolean isDone(Row.Reader jobs, InBatch<R> context, JobHandler<Q, R> handler) {
        Throwable thrown = null;
        try {
            R answer = Worker.handle(handler, jobs.value(data), context);
            thrown = JvmFailure.first(); // meanwhile: it fails with that
            if (thrown == null) {
                addAnswer(answer, context.isBidirectional(), handler);
            }
        } catch (Throwable failure) { // errors too: the host is to know, and others are waiting
            thrown = failure;
        }
        if (thrown != null) {
            add(Row.Kind.FAILURE, RemoteFailure.of(thrown), Row.FAILURES);
        }
        return thrown == null || !JvmFailure.KINDS.contains(thrown.getClass().getName());
    }

    private void addAnswer(@Nullable R answer, boolean isWanted, JobHandler<Q, R> handler) {
        if (!isWanted) {
            add(Row.Kind.END);
        } else if (answer == null) {
            throw Worker.noAnswer(handler);
        } else {
            add(Row.Kind.ANSWER, answer, answers);
        }
    }

    /// The view that a handler has of a job of a batch. A job that reports before its end comes
    /// alone.
    ///
    /// @param <R> the type of the answers
    private record InBatch<R>(Exchange<Outcome<R>> exchange, Map<String, String> headers,
            boolean isBidirectional) implements JobContext<R> {

        @Override
        public boolean isCancelled() {
            return exchange.isCancelled();
        }

        @Override
        public void progress(long done, long total, String note) {
            checkGoesOn();
        }

        @Override
        public void part(R value) {
            checkGoesOn();
        }

        private void checkGoesOn() {
            if (exchange.isCancelled()) {
                throw new CancellationException("the caller has given this job up");
            }
        }

        @Override
        public <T extends AutoCloseable> T closeWhenSent(T resource) {
            return exchange.closeWhenSent(resource);
        }
    }
}
