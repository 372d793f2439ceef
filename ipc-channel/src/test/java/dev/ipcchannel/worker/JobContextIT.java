package dev.ipcchannel.worker;

import static dev.ipcchannel.worker.WorkerSetContract.awaitFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Tenants;
import dev.ipcchannel.testing.children.TenantChild;
import dev.ipcchannel.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/// The context of jobs in real workers, over each transport of the library.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@FieldSource("TRANSPORTS")
class JobContextIT {

    static final List<Transport> TRANSPORTS = List.of(Transport.shm(), Transport.unix());

    private static final int JOBS = 400;

    private final Transport transport;

    @RegisterExtension
    final Children children = new Children();

    JobContextIT(Transport transport) {
        this.transport = transport;
    }

    private WorkerSetBuilder<String, String> set(String way) {
        return WorkerSet.builder(String.class, String.class)
                .worker(WorkerSetContract.child(TenantChild.class, transport).arguments(way))
                .workerCount(2).context(new Tenants());
    }

    private static String tenant(int number) {
        return "tenant-" + number / 3 % 5;
    }

    @Test
    void eachJobIsDoneInTheContextOfTheThreadThatHasGivenIt() throws Exception {
        List<CompletableFuture<String>> jobs = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        try (var workers = set("serve").start()) {
            for (int i = 0; i < JOBS; i++) {
                String text = Integer.toString(i);
                boolean hasContext = i % 4 != 0;
                jobs.add(hasContext ? Tenants.with(tenant(i), () -> workers.send(text))
                        : workers.send(text));
                expected.add(text + " of " + (hasContext ? tenant(i) : "none"));
            }
            assertThat(jobs).extracting(CompletableFuture::join).isEqualTo(expected);
            assertThat(Tenants.<String, InterruptedException>with("a", () -> workers.call("one")))
                    .isEqualTo("one of a");
            assertThat(workers.call("two")).isEqualTo("two of none");
        }
    }

    @Test
    void jobsThatAreDoneAtOnceHaveEachItsOwnContext() throws Exception {
        try (var workers = set("serve").jobsAtOnce(8).start()) {
            List<CompletableFuture<String>> jobs = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                String text = Integer.toString(i);
                jobs.add(Tenants.with(tenant(i), () -> workers.send(text)));
                expected.add(text + " of " + tenant(i));
            }
            assertThat(jobs).extracting(CompletableFuture::join).isEqualTo(expected);
        }
    }

    @Test
    void streamHasTheContextOfTheThreadThatTakesItsAnswers() throws Exception {
        try (var workers = set("serve").start()) {
            Stream<String> source = IntStream.range(0, JOBS).mapToObj(Integer::toString);

            List<String> answers = Tenants.with("a", () -> workers.map(source).toList());

            assertThat(answers).isEqualTo(
                    IntStream.range(0, JOBS).mapToObj(number -> number + " of a").toList());
        }
    }

    @Test
    void jobThatIsTriedAgainHasTheSameContext() throws Exception {
        Path file = children.directory().resolve("died");
        try (var workers = set("serve").start()) {
            CompletableFuture<String> job = Tenants.with("a",
                    () -> workers.job("die " + file).idempotent().send());

            assertThat(job.join()).isEqualTo("tried again of a");
        }
        assertThat(file).content().isEqualTo("a");
    }

    @Test
    void jobWithoutAnAnswerAndOneThatReportsHaveAContext() throws Exception {
        Path file = children.directory().resolve("touched");
        List<String> notes = new ArrayList<>();
        try (var workers = set("serve").start()) {
            Tenants.<Void, InterruptedException>with("a", () -> {
                workers.tell("touch " + file);
                return null;
            });
            awaitFile(file);
            String answer = Tenants.with("b", () -> workers.job("parts 1")
                    .onProgress(step -> notes.add(step.note())).call());

            assertThat(answer).isEqualTo("parts 1 of b");
        }
        assertThat(Files.readString(file)).isEqualTo("a");
        assertThat(notes).containsExactly("b");
    }

    @Test
    void workerWithoutACarrierReadsTheHeadersAlsoOfJobsThatItReceives() throws Exception {
        for (String way : List.of("read", "receive")) {
            try (var workers = set(way).context(ContextCarrier.of(Map.of("tenant", "a"))).start()) {
                List<CompletableFuture<String>> jobs = new ArrayList<>();
                for (int i = 0; i < JOBS; i++) {
                    jobs.add(workers.send("job"));
                }
                assertThat(jobs).as(way).extracting(CompletableFuture::join)
                        .containsOnly("job {tenant=a}");
            }
        }
    }

    @Test
    void contextThatCannotTravelIsTheGiversErrorAndTheSetGoesOn() throws Exception {
        try (var workers = set("serve").start()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tenants.with("x".repeat(300), () -> workers.call("job")))
                    .withMessageContaining("length=308, limit=256 bytes");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tenants.with("a\u0001b", () -> workers.send("job")))
                    .withMessageContaining("name=tenant, value=\"a\\u0001b\"");
            assertThatIllegalArgumentException().isThrownBy(() -> Tenants.with("a\nb",
                    () -> workers.map(Stream.of("job")).toList()))
                    .withMessageContaining("name=tenant");

            assertThat(workers.call("job")).isEqualTo("job of none");
            assertThat(workers.stats().completed()).isEqualTo(1);
            assertThat(workers.stats().failed()).isZero();
        }
    }

    @Test
    void jobThatTheCallersThreadDoesIsInItsContextAnyway() throws Exception {
        try (var workers = set("serve").workerCount(0).queueCapacity(0)
                .whenBusy(BusyPolicy.callerRuns(text -> text + " here of " + Tenants.current()))
                .start()) {
            workers.add();
            assertThat(Tenants.<String, InterruptedException>with("a", () -> workers.call("job")))
                    .endsWith(" of a");
        }
    }
}
