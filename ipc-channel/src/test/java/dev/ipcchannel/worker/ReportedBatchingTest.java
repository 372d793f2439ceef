package dev.ipcchannel.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Codec;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.job.JobTypes;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Row;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches of jobs in a worker without marks, with a host in the test's hands: what it says before
/// each job, and what it gives back.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReportedBatchingTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final Codec<String> TEXTS = Codec.of(String.class);

    private final JobTypes<String, String> types = JobTypes.of(STRING, STRING);
    private final Duplex.Pair<Request<Task<String>>, Reply<Outcome<String>>> pair =
            Duplex.create(types.requests(), types.replies(), ChannelOptions.defaults());
    private final Duplex<Request<Task<String>>, Reply<Outcome<String>>> host = pair.near();
    private final PropLink<Reply<Outcome<String>>, Request<Task<String>>> link =
            new PropLink<>(pair.far()); // which shows no marks
    private final Worker<String, String> worker = new Worker<>(new Responder<>(link),
            requireNonNull(Batching.of(types, link)));
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayEnd = new CountDownLatch(1); // of jobs that are long

    @AfterEach
    void close() {
        mayEnd.countDown();
        host.close();
        worker.close();
    }

    private void ask(long id, String... jobs) throws InterruptedException {
        Row.Writer row = new Row.Writer();
        for (String job : jobs) {
            if (job.equals("nothing")) {
                row.add(Row.Kind.NOTHING);
            } else {
                row.add(Row.Kind.BIDIRECTIONAL, job, TEXTS);
            }
        }
        host.send(new Request.Ask<>(id, new Task.Batch<>(1, 0, row.take())));
    }

    /// The next message: answers, and in capitals what is said of the jobs after them. Answers that
    /// come by themselves, since the next job is long in coming, count for the message after them.
    private String receiveReports() throws InterruptedException {
        String reports = receiveMessage();
        String alone = " UNCHANGED";
        return reports.endsWith(alone)
                ? reports.substring(0, reports.length() - alone.length() + 1) + receiveReports()
                : reports;
    }

    private String receiveMessage() throws InterruptedException {
        return switch (host.receive(Children.PATIENCE)) {
            case Reply.Part<Outcome<String>>(_, var part) -> shown(part);
            case Reply.Answer<Outcome<String>>(_, var last) -> shown(last) + " over";
            case Reply.End<Outcome<String>>(long id) -> id + " end";
            case Reply.Failed<Outcome<String>>(_, var failure) -> "failed " + failure.type();
        };
    }

    private static String shown(Outcome<String> words) {
        if (!(words instanceof Outcome.Results<String>(long nanos, byte[] bytes, var next))) {
            throw new AssertionError(words);
        }
        assertThat(nanos).isNotNegative();
        StringBuilder shown = new StringBuilder();
        Row.Reader row = new Row.Reader(bytes);
        while (row.hasNext()) {
            String result = row.next() == Row.Kind.ANSWER ? row.value(TEXTS) : "-";
            shown.append(result.length() > 9 ? "long" : result).append(' ');
        }
        return shown.append(next).toString();
    }

    private void serve() {
        var _ = Waits.run(() -> worker.serve((data, _) -> {
            done.add(data);
            return switch (data) {
                case "wait" -> waited();
                case "long" -> "x".repeat(20_000);
                default -> data;
            };
        }));
    }

    private String waited() {
        try {
            return mayEnd.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS) ? "wait" : "late";
        } catch (InterruptedException _) {
            return "stopped";
        }
    }

    @Test
    void eachJobIsReportedToBeBegunInTheMessageWithTheResultBeforeIt() throws Exception {
        serve();

        ask(1, "a", "b", "nothing", "c");

        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("a BEGUN");
        assertThat(receiveReports()).isEqualTo("b - BEGUN");
        assertThat(receiveReports()).isEqualTo("c UNCHANGED over");
    }

    @Test
    void jobIsReportedToBeBegunBeforeItsHandlerRuns() throws Exception {
        serve();

        ask(1, "a", "wait", "b");

        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).as("while it waits").isEqualTo("a BEGUN");
        mayEnd.countDown();
        assertThat(receiveReports()).isEqualTo("wait BEGUN");
    }

    @Test
    void longResultGoesBeforeTheWordByItself() throws Exception {
        serve();

        ask(1, "long", "b");

        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveMessage()).isEqualTo("long UNCHANGED");
        assertThat(receiveMessage()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("b UNCHANGED over");
    }

    @Test
    void whatIsNotBegunIsGivenBackWhileAJobTakesLong() throws Exception {
        serve();
        ask(1, "a", "wait", "b");
        ask(2, "c");
        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("a BEGUN");

        host.send(new Request.Withdraw<>(1));
        host.send(new Request.Withdraw<>(2));

        assertThat(List.of(receiveReports(), receiveReports()))
                .containsExactlyInAnyOrder("GIVEN_BACK", "2 end");
        mayEnd.countDown();
        assertThat(receiveReports()).isEqualTo("wait UNCHANGED over");
        assertThat(done).containsExactly("a", "wait");
    }

    @Test
    void nothingIsGivenBackOfAJobThatHasComeAlone() throws Exception {
        serve();
        host.send(new Request.Ask<>(1, new Task.Bidirectional<>("wait")));
        assertThat(host.receive(Children.PATIENCE))
                .isEqualTo(new Reply.Part<>(1, new Outcome.Started<>(0, true)));

        host.send(new Request.Withdraw<>(1));
        for (long id = 2; id < 4; id++) { // what comes of one look, and of the next
            ask(id, "b");
            host.send(new Request.Withdraw<>(id));
            assertThat(receiveReports()).isEqualTo(id + " end");
        }
        mayEnd.countDown();

        assertThat(host.receive(Children.PATIENCE))
                .isEqualTo(new Reply.Answer<>(1, new Outcome.Value<>("wait")));
    }

    @Test
    void wishThatComesAfterTheBatchConcernsNoOther() throws Exception {
        serve();
        ask(1, "a");
        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("a UNCHANGED over");

        host.send(new Request.Withdraw<>(1));
        ask(2, "b", "c");

        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("b BEGUN");
        assertThat(receiveReports()).isEqualTo("c UNCHANGED over");
    }

    @Test
    void batchAfterOneThatWasGivenBackIsDone() throws Exception {
        serve();
        ask(1, "wait", "b");
        assertThat(receiveReports()).isEqualTo("BEGUN");
        host.send(new Request.Withdraw<>(1));
        assertThat(receiveReports()).isEqualTo("GIVEN_BACK");
        mayEnd.countDown();
        assertThat(receiveReports()).isEqualTo("wait UNCHANGED over");

        ask(2, "c", "d");

        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("c BEGUN");
        assertThat(receiveReports()).isEqualTo("d UNCHANGED over");
        await().until(() -> done.equals(List.of("wait", "c", "d")));
    }

    @Test
    void interruptOfTheLongJobOfABatchMeetsThatOneAlone() throws Exception {
        serve();
        ask(1, "wait", "b");
        assertThat(receiveReports()).isEqualTo("BEGUN");
        host.send(new Request.Withdraw<>(1));
        assertThat(receiveReports()).isEqualTo("GIVEN_BACK");

        host.send(new Request.Interrupt<>(1));

        assertThat(receiveReports()).isEqualTo("stopped UNCHANGED over");
        ask(2, "next");
        assertThat(receiveReports()).isEqualTo("BEGUN");
        assertThat(receiveReports()).isEqualTo("next UNCHANGED over");
    }
}
