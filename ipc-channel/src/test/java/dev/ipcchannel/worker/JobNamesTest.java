package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Sentences about what goes wrong with a job, in words of the user's own types, and of the worker
/// that a user knows.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobNamesTest {

    private static final String ADVICE = ": look for a raw type or an unchecked cast";
    private static final String MESSAGE = "the shelf is empty";

    @RegisterExtension
    final StageExtension stage = new StageExtension();

    record Job(String kind, List<String> words) {}

    record Result(String text) {}

    record Unsendable(Thread thread) {}

    @SuppressWarnings("NullAway") // what unchecked callers do
    private static Job job(@Nullable String kind, @Nullable String word) {
        return new Job(kind, Arrays.asList("a word", word));
    }

    @SuppressWarnings("NullAway") // what unchecked callers do
    private static final Result NOTHING = new Result(null);

    private WorkerSet<Job, Result> set() throws InterruptedException {
        return WorkerSet.builder(Job.class, Result.class).worker(stage.worker()).workerCount(1)
                .start();
    }

    private Question<Task<Job>, Outcome<Result>> begun() throws InterruptedException {
        return stage.enter(Job.class, Result.class).begin();
    }

    private static String printed(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void jobThatCannotBeSentIsNamedByItsType() throws Exception {
        try (WorkerSet<Job, Result> set = set()) {
            var _ = stage.enter(Job.class, Result.class);

            assertThatThrownBy(() -> set.call(job(null, "b"))).isInstanceOf(CodecFailed.class)
                    .hasMessage("Job.kind is null: use Optional").hasNoCause();
            assertThatThrownBy(() -> set.call(job("x", null))).isInstanceOf(CodecFailed.class)
                    .hasMessage("Job.words[1] is null: use Optional");
            assertThatThrownBy(() -> set.call(job("\ud800", "b"))).isInstanceOf(CodecFailed.class)
                    .hasMessage("Job.kind has an unpaired surrogate, half of a letter:"
                            + " index=0, char=U+D800: cut texts between letters, or send bytes");
            assertThatThrownBy(() -> ((WorkerSet) set).call("text"))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("a job must be of type Job: given=java.lang.String" + ADVICE);
        }
    }

    /// `WorkerSet.tell` reports nothing, so this looks at what it sends.
    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void jobThatNeedsNoAnswerIsNamedByItsType() {
        Responder.Pair<Task<Job>, Outcome<Result>> pair = Responder.create(
                TypeToken.of(Task.class, List.of(TypeToken.of(Job.class))),
                TypeToken.of(Outcome.class, List.of(TypeToken.of(Result.class))),
                ChannelOptions.defaults());
        try (Duplex<Request<Task<Job>>, Reply<Outcome<Result>>> host = pair.far();
                var _ = pair.near()) {
            Task<Job> told = new Task.Unidirectional<>(job(null, "b"));
            assertThatThrownBy(() -> host.send(new Request.Ask<>(1, told)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("Job.kind is null: use Optional");
            assertThatThrownBy(
                    () -> host.send(new Request.Ask<>(1, new Task.Unidirectional("text"))))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("a job must be of type Job: given=java.lang.String" + ADVICE);
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // the subject of the test
    void whatAWorkerCannotSendIsNamedByItsType() throws Exception {
        try (WorkerSet<Job, Result> set = set()) {
            CompletableFuture<Result> future = set.send(job("x", "b"));
            Question<Task<Job>, Outcome<Result>> job = begun();

            assertThatThrownBy(() -> job.part(new Outcome.Step<>(1, 2, "\ud800")))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("Progress.note has an unpaired surrogate, half of a letter:"
                            + " index=0, char=U+D800: cut texts between letters, or send bytes");
            assertThatThrownBy(() -> job.part(new Outcome.Value<>(NOTHING)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("Result.text is null: use Optional");
            assertThatThrownBy(() -> job.part(new Outcome.Value(1)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("an answer must be of type Result: given=java.lang.Integer"
                            + ADVICE);
            job.send(new Outcome.Value<>(NOTHING));

            assertThat(future).failsWithin(Children.PATIENCE).withThrowableThat()
                    .havingCause().isInstanceOfSatisfying(CallFailed.class,
                            failure -> assertThat(failure.remoteMessage())
                                    .isEqualTo("Result.text is null: use Optional"));
        }
    }

    @Test
    void failedJobShowsItsWorkerAndWhereThatFailed() throws Exception {
        try (WorkerSet<Job, Result> set = set()) {
            Puppet<Job, Result> worker = stage.enter(Job.class, Result.class);
            String shown = "worker 1 (pid=%d, sleep 1000)".formatted(worker.pid());
            Waits<Throwable> call = Waits.in(
                    () -> catchThrowable(() -> set.call(job("x", "b"))));
            worker.begin().fail(new IllegalStateException(MESSAGE));
            CompletableFuture<Result> future = set.send(job("x", "b"));
            worker.begin().fail(new IllegalStateException(MESSAGE));

            assertShown(call.value(), shown);
            Throwable failure = catchThrowable(future::get);
            assertThat(failure).isInstanceOf(ExecutionException.class);
            assertShown(failure.getCause(), shown);
        }
    }

    private static void assertShown(@Nullable Throwable failure, String shown) {
        assertThat(failure).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.remoteProcess()).isEqualTo(shown);
            assertThat(printed(failed)).containsOnlyOnce(MESSAGE)
                    .containsOnlyOnce(IllegalStateException.class.getName())
                    .startsWith("dev.ipcchannel.CallFailed: " + shown
                            + " failed to answer: java.lang.IllegalStateException: " + MESSAGE)
                    .containsSubsequence("Caused by: in " + shown + "\n",
                            "\tat dev.ipcchannel.worker.JobNamesTest.failedJobShowsItsWorker")
                    .doesNotContain("Suppressed");
        });
    }

    @Test
    void workerThatIsAWholeScriptIsNamedInOneShortLine() throws Exception {
        String script = "exec sleep 1000 #" + "x".repeat(1000) + "\n";
        try (WorkerSet<Job, Result> set = WorkerSet.builder(Job.class, Result.class)
                .worker(ChildJvm.ofCommand("sh", "-c", script).grace(Duration.ZERO)
                        .transport(stage))
                .workerCount(1).start()) {
            CompletableFuture<Result> future = set.send(job("x", "b"));
            begun().fail(new IllegalStateException(MESSAGE));

            assertThat(future).failsWithin(Children.PATIENCE).withThrowableThat().havingCause()
                    .satisfies(failure -> assertThat(failure.getMessage())
                            .contains("sh -c exec sleep 1000 #x", MESSAGE).hasLineCount(1)
                            .hasSizeLessThan(250));
        }
    }

    @Test
    void jobThatTheCallerHasDoneItselfSaysSo() throws Exception {
        try (var set = stage.set(1).queueCapacity(0)
                .whenBusy(BusyPolicy.<String, String>callerRuns(data -> {
                    throw new IllegalStateException(MESSAGE);
                })).start()) {
            var _ = set.send("in hand");

            assertThat(printed(catchThrowable(() -> set.call("here")))).containsOnlyOnce(MESSAGE)
                    .startsWith("dev.ipcchannel.CallFailed: this process failed to answer: ");
        }
    }

    @Test
    void typesThatCannotBeSentAreNamedByTheUsersTypes() {
        assertThatThrownBy(() -> WorkerSet.builder(Unsendable.class, String.class)
                .worker(stage.worker()).start()).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no codec for a type: type=java.lang.Thread,"
                        + " in=Unsendable.thread: ");
        assertThatThrownBy(() -> WorkerSet.builder(String.class, Void.class)
                .worker(stage.worker()).start()).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a type must have values: answers=java.lang.Void: name one such"
                        + " as Boolean; jobs that need no answer are given by WorkerSet.tell,"
                        + " whatever the type of the answers");
    }
}
