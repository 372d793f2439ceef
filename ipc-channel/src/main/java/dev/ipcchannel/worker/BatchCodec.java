package dev.ipcchannel.worker;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Codec;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Row;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.worker.Batch.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The codec of batches, on the host's side: jobs to a message, and a message of results to what
/// has become of each job. Each value is turned into bytes and back alone, so one that cannot be
/// harms no other. Any thread may use it, outside of the set's lock, since it runs the user's code.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
final class BatchCodec<Q, R> {

    /// Jobs of more bytes do not go together: a message of its own is read while the next one is
    /// written.
    private static final int MAX_BYTES = 16 * 1024;

    private final Codec<Q> data;
    private final Codec<R> answers;
    private final AtomicReference<Row.@Nullable Writer> spare = new AtomicReference<>();

    BatchCodec(JobTypes<Q, R> types) {
        this.data = Codec.of(types.data());
        this.answers = Codec.of(types.answers());
    }

    /// The result of a job of a batch.
    ///
    /// @param answer null if there is none
    /// @param wrong what it has failed with
    /// @param <R> the type of the answers
    record Result<R>(@Nullable R answer, @Nullable RuntimeException wrong) {

        /// Why the job has failed, or null.
        @Nullable
        RuntimeException failure(Attempt<?, R> attempt) {
            boolean lacksAnswer = wrong == null && answer == null && !attempt.job().isEnded()
                    && attempt.job().task() instanceof Task.Bidirectional<?>;
            return lacksAnswer ? noAnswer(attempt) : wrong;
        }
    }

    /// The jobs of a batch as one message. The place of a job whose data cannot be written is
    /// empty; jobs that are too long to go with those before them are not in it ([Batch#sentJobs]).
    ///
    /// @param unsendable gets each job whose data cannot be written, and why
    /// @return null if none can be written
    @Nullable
    Task<Q> encode(Batch<Q, R> batch, BiConsumer<Attempt<Q, R>, Throwable> unsendable) {
        Row.Writer kept = spare.getAndSet(null);
        Row.Writer row = kept == null ? new Row.Writer() : kept;
        try {
            boolean isAnyIn = false;
            for (Attempt<Q, R> attempt : batch.attempts()) {
                if (row.length() >= MAX_BYTES) {
                    break;
                }
                isAnyIn |= isAdded(attempt, row, unsendable);
            }
            batch.setSentJobs(row.count());
            return isAnyIn ? new Task.Batch<>(batch.first(), batch.epoch(), row.take()) : null;
        } finally {
            row.clear();
            spare.set(row);
        }
    }

    private boolean isAdded(Attempt<Q, R> attempt, Row.Writer row,
            BiConsumer<Attempt<Q, R>, Throwable> unsendable) {
        Task.Work<Q> task = attempt.job().task();
        row.setHeaders(attempt.job().headers());
        try {
            row.add(task instanceof Task.Bidirectional<Q> ? Row.Kind.BIDIRECTIONAL
                    : Row.Kind.UNIDIRECTIONAL, task.data(), data);
            return true;
        } catch (RuntimeException | Error failure) {
            attempt.setUnsent(); // before a result can come for its place
            row.add(Row.Kind.NOTHING);
            unsendable.accept(attempt, failure);
            return false;
        }
    }

    /// What has become of the next jobs of a batch, in their order.
    ///
    /// @throws ProtocolViolation if the bytes are no row of results
    List<Result<R>> decode(Batch<Q, R> batch, Outcome.Results<R> results) {
        List<Result<R>> read = new ArrayList<>();
        Row.Reader row = new Row.Reader(results.results());
        while (row.hasNext()) {
            read.add(result(batch, row.next(), row));
        }
        return read;
    }

    private Result<R> result(Batch<Q, R> batch, Row.Kind kind, Row.Reader row) {
        try {
            return switch (kind) {
                case ANSWER -> new Result<>(row.value(answers), null);
                case FAILURE -> new Result<>(null,
                        row.value(Row.FAILURES).untraced(batch.worker().shown()));
                case END -> new Result<>(null, null);
                case BIDIRECTIONAL, UNIDIRECTIONAL, NOTHING, HEADERS -> new Result<>(null,
                        new ProtocolViolation("a worker answers with what is no answer: kind="
                                + kind));
            };
        } catch (RuntimeException unreadable) {
            return new Result<>(null, unreadable);
        }
    }

    /// The failure of a job that its worker has ended without an answer.
    static CallFailed noAnswer(Attempt<?, ?> attempt) {
        return new CallFailed(attempt.worker().shown(), IllegalStateException.class.getName(),
                "the job has ended without an answer: have its loop call JobReply.send",
                List.of());
    }
}
