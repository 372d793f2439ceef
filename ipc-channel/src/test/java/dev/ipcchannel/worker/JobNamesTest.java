package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.call.Question;
import dev.ipcchannel.testing.Children;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What goes wrong with a job is said of the user's own types.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobNamesTest {

    private static final String ADVICE = ": look for a raw type or an unchecked cast";

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
                    .hasMessage("Job.kind has an unpaired surrogate: index=0, char=U+D800");
            assertThatThrownBy(() -> ((WorkerSet) set).call("text"))
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

            assertThatThrownBy(() -> job.send(new Outcome.Step<>(1, 2, "\ud800")))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("Progress.note has an unpaired surrogate: index=0, char=U+D800");
            assertThatThrownBy(() -> job.send(new Outcome.Value<>(NOTHING)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("Result.text is null: use Optional");
            assertThatThrownBy(() -> job.send(new Outcome.Value(1)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("an answer must be of type Result: given=java.lang.Integer"
                            + ADVICE);
            job.answer(new Outcome.Value<>(NOTHING));

            assertThat(future).failsWithin(Children.PATIENCE).withThrowableThat()
                    .havingCause().isInstanceOfSatisfying(CallFailed.class,
                            failure -> assertThat(failure.remoteMessage())
                                    .isEqualTo("Result.text is null: use Optional"));
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
                .hasMessage("a type must have values: type=java.lang.Void, in=Void: name one such"
                        + " as Boolean; jobs that need no answer are given by WorkerSet.tell,"
                        + " whatever the type of the answers");
    }
}
