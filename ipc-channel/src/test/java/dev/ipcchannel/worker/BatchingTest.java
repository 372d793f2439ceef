package dev.ipcchannel.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Row;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches of jobs in a worker, with a host in the test's hands.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatchingTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final Codec<String> TEXTS = Codec.of(String.class);
    private static final String UNPAIRED = "\uD800";
    private static final long EPOCH = 7;

    private final JobTypes<String, String> types = JobTypes.of(STRING, STRING);
    private final Duplex.Pair<Request<Task<String>>, Reply<Outcome<String>>> pair =
            Duplex.create(types.requests(), types.replies(), ChannelOptions.defaults());
    private final Duplex<Request<Task<String>>, Reply<Outcome<String>>> host = pair.near();
    private final Marks marks = requireNonNull(EndAccess.outMarks(host));
    private final Batching<String, String> batching =
            requireNonNull(Batching.of(types, pair.far()));
    private final Worker<String, String> worker =
            new Worker<>(new Responder<>(pair.far()), batching);
    private final List<String> done = new CopyOnWriteArrayList<>();

    BatchingTest() {
        marks.set(EPOCH);
    }

    @AfterEach
    void close() {
        host.close();
        worker.close();
    }

    /// The results and parts of a batch, until it is over.
    private record Reports(List<String> results, List<String> parts) {}

    private void ask(long id, long first, String... jobs) throws InterruptedException {
        Row.Writer row = new Row.Writer();
        for (String job : jobs) {
            if (job.equals("nothing")) {
                row.add(Row.Kind.NOTHING);
            } else if (job.equals("unreadable")) {
                row.add(Row.Kind.BIDIRECTIONAL, new byte[]{(byte) 0xFF}, Codec.bytes());
            } else {
                row.add(job.startsWith("tell") ? Row.Kind.UNIDIRECTIONAL : Row.Kind.BIDIRECTIONAL,
                        job, TEXTS);
            }
        }
        host.send(new Request.Ask<>(id, new Task.Batch<>(first, EPOCH, row.take())));
    }

    private Reports receiveReports() throws InterruptedException {
        Reports reports = new Reports(new ArrayList<>(), new ArrayList<>());
        while (true) {
            switch (host.receive(Children.PATIENCE)) {
                case Reply.Part<Outcome<String>>(_, var part) -> note(part, reports);
                case Reply.Answer<Outcome<String>>(_, var last) -> {
                    note(last, reports);
                    return reports;
                }
                case Reply.End<Outcome<String>> _ -> {
                    reports.parts().add("end");
                    return reports;
                }
                case Reply.Failed<Outcome<String>>(_, var failure) -> {
                    reports.parts().add("failed " + failure.type());
                    return reports;
                }
            }
        }
    }

    private static void note(Outcome<String> words, Reports reports) {
        switch (words) {
            case Outcome.Results<String>(long nanos, byte[] results, _) -> {
                assertThat(nanos).isNotNegative();
                Row.Reader row = new Row.Reader(results);
                while (row.hasNext()) {
                    reports.results().add(switch (row.next()) {
                        case ANSWER -> row.value(TEXTS);
                        case FAILURE -> "! " + row.value(Row.FAILURES).type();
                        case END -> "-";
                        case BIDIRECTIONAL, UNIDIRECTIONAL, NOTHING, HEADERS -> "?";
                    });
                }
            }
            case Outcome.Step<String>(long step, long total, _) ->
                    reports.parts().add(step + "/" + total);
            case Outcome.Value<String>(String value) -> reports.parts().add(value);
            case Outcome.Answer<String>(long nanos, String answer) -> {
                assertThat(nanos).isPositive();
                reports.results().add(answer);
            }
            case Outcome.Started<String> started -> reports.parts().add(started.toString());
        }
    }

    private void serve(JobHandler<String, String> handler) {
        var _ = Waits.run(() -> worker.serve((data, job) -> {
            done.add(data);
            return handler.handle(data, job);
        }));
    }

    @Test
    void eachJobHasItsResultInTheOrderOfTheJobs() throws Exception {
        serve((data, _) -> data.toUpperCase(Locale.ROOT));

        ask(1, 1, "one", "tell two", "nothing", "three");

        assertThat(receiveReports().results()).containsExactly("ONE", "-", "-", "THREE");
        assertThat(done).containsExactly("one", "tell two", "three");
        assertThat(marks.other()).as("the last that was begun").isEqualTo(4);
    }

    @Test
    void jobThatFailsOrCannotBeReadOrAnsweredHarmsNoOther() throws Exception {
        serve((data, _) -> switch (data) {
            case "bug" -> throw new IllegalArgumentException("a bug");
            case "null" -> null;
            case "unsendable" -> UNPAIRED;
            case "overflow" -> throw new StackOverflowError();
            default -> data;
        });

        ask(1, 1, "a", "bug", "b", "unreadable", "c", "null", "d", "unsendable", "e", "overflow",
                "f");

        assertThat(receiveReports().results()).containsExactly("a",
                "! java.lang.IllegalArgumentException",
                "b", "! dev.ipcchannel.CodecFailed", "c", "! java.lang.NullPointerException", "d",
                "! dev.ipcchannel.CodecFailed", "e", "! java.lang.StackOverflowError", "f");
    }

    @Test
    void noJobIsBegunAfterOneThatLeavesTheJvmInDoubt() throws Exception {
        serve((data, _) -> {
            if (data.equals("broken")) {
                throw new InternalError("broken");
            }
            return data;
        });

        ask(1, 1, "a", "broken", "b");

        assertThat(receiveReports().results()).containsExactly("a", "! java.lang.InternalError");
        assertThat(done).containsExactly("a", "broken");
    }

    @Test
    void noJobIsBegunOnceTheHostHasTakenThemBack() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        serve((data, _) -> {
            assertThat(mayEnd.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return data;
        });
        ask(1, 11, "a", "b", "c");
        ask(2, 14, "d");
        await().until(() -> marks.other() == 11);

        marks.set(EPOCH + 1);
        mayEnd.countDown();

        assertThat(receiveReports().results()).containsExactly("a");
        assertThat(receiveReports().results()).isEmpty();
        assertThat(done).containsExactly("a");
    }

    @Test
    void jobThatIsInterruptedAnswersAndLeavesTheResultsBeforeIt() throws Exception {
        serve((data, job) -> {
            if (data.equals("long")) {
                try {
                    Thread.sleep(Children.PATIENCE);
                } catch (InterruptedException _) {
                    return "interrupted, cancelled=" + job.isCancelled();
                }
            }
            return data;
        });
        ask(1, 1, "a", "long");
        await().until(() -> marks.other() == 2);

        host.send(new Request.Interrupt<>(1));

        assertThat(receiveReports().results()).containsExactly("a", "interrupted, cancelled=true");
        ask(2, 3, "next");
        assertThat(receiveReports().results()).containsExactly("next");
    }

    @Test
    void interruptOfABatchThatIsOverMeetsNoOther() throws Exception {
        serve((data, job) -> data + Thread.currentThread().isInterrupted() + job.isCancelled());
        ask(1, 1, "a", "b");
        assertThat(receiveReports().results()).containsExactly("afalsefalse", "bfalsefalse");

        host.send(new Request.Interrupt<>(1));
        host.send(new Request.Interrupt<>(2));
        ask(2, 3, "c");

        assertThat(receiveReports().results()).containsExactly("cfalsefalse");
    }

    @Test
    void jobAloneReportsBeforeItsEndAndOthersDoNot() throws Exception {
        serve((data, job) -> {
            job.progress(1, 2, "half");
            job.part(data + " part");
            return data;
        });

        host.send(new Request.Ask<>(1, new Task.Marked<>(1, EPOCH, true, "a")));
        Reports alone = receiveReports();
        ask(2, 2, "b", "c");
        Reports together = receiveReports();

        assertThat(alone.parts()).containsExactly("1/2", "a part");
        assertThat(alone.results()).containsExactly("a");
        assertThat(together.parts()).isEmpty();
        assertThat(together.results()).containsExactly("b", "c");
    }

    @Test
    void jobAloneFailsWithWhatItsHandlerThrowsAndEndsWithoutAnAnswerThatIsNotWanted()
            throws Exception {
        serve((data, _) -> {
            if (data.equals("bug")) {
                throw new IllegalArgumentException("a bug");
            }
            return null;
        });

        host.send(new Request.Ask<>(1, new Task.Marked<>(1, EPOCH, true, "bug")));
        host.send(new Request.Ask<>(2, new Task.Marked<>(2, EPOCH, false, "told")));
        host.send(new Request.Ask<>(3, new Task.Marked<>(3, EPOCH, true, "null")));

        assertThat(receiveReports().parts())
                .containsExactly("failed java.lang.IllegalArgumentException");
        assertThat(receiveReports().parts()).containsExactly("end");
        assertThat(receiveReports().parts())
                .containsExactly("failed java.lang.NullPointerException");
    }

    @Test
    void jobsOfAnOldEpochAreNotBegunAndLeaveTheMarkAsItWas() throws Exception {
        serve((data, _) -> data);
        ask(1, 1, "a");
        assertThat(receiveReports().results()).containsExactly("a");

        host.send(new Request.Ask<>(2, new Task.Marked<>(2, EPOCH - 1, true, "late")));
        Reports alone = receiveReports();
        marks.set(EPOCH + 1);
        ask(3, 3, "late too", "late as well");
        Reports together = receiveReports();

        assertThat(alone.results()).isEmpty();
        assertThat(together.results()).isEmpty();
        assertThat(done).containsExactly("a");
        assertThat(marks.other()).isEqualTo(1);
    }

    @Test
    void resultsOfLongJobsAreSentBeforeTheLastIsDone() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        serve((data, _) -> {
            if (data.equals("last")) {
                assertThat(mayEnd.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            return "x".repeat(20_000);
        });

        ask(1, 1, "a", "last");
        Reports first = new Reports(new ArrayList<>(), new ArrayList<>());
        if (host.receive(Children.PATIENCE) instanceof Reply.Part<Outcome<String>>(_, var part)) {
            note(part, first);
        }
        mayEnd.countDown();

        assertThat(first.results()).hasSize(1);
        assertThat(receiveReports().results()).hasSize(1);
    }

    @Test
    void resultsDoNotWaitForAJobThatTakesLong() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        serve((data, _) -> {
            if (data.equals("long")) {
                assertThat(mayEnd.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            return data;
        });

        ask(1, 1, "a", "b", "long", "c");
        Reports first = new Reports(new ArrayList<>(), new ArrayList<>());
        while (first.results().size() < 2) { // in one part, or in two on a slow machine
            if (host.receive(
                    Children.PATIENCE) instanceof Reply.Part<Outcome<String>>(_, var part)) {
                note(part, first);
            }
        }
        mayEnd.countDown();

        assertThat(first.results()).containsExactly("a", "b");
        assertThat(receiveReports().results()).containsExactly("long", "c");
    }

    @Test
    void bytesThatAreNoBatchFailItAndTheWorkerGoesOn() throws Exception {
        serve((data, _) -> data);

        host.send(new Request.Ask<>(1, new Task.Batch<>(1, EPOCH, new byte[]{9, 9, 9})));

        assertThat(receiveReports().parts())
                .containsExactly("failed dev.ipcchannel.ProtocolViolation");
        ask(2, 2, "next");
        assertThat(receiveReports().results()).containsExactly("next");
    }

    @Test
    void jobThatComesAloneIsAnsweredThatBatchesAreTaken() throws Exception {
        serve((data, _) -> data);

        host.send(new Request.Ask<>(1, new Task.Bidirectional<>("a")));

        assertThat(host.receive(Children.PATIENCE))
                .isEqualTo(new Reply.Part<>(1, new Outcome.Started<>(0, true)));
    }
}
