package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Leftovers;
import dev.ipcchannel.testing.children.DrainingHost;
import dev.ipcchannel.testing.children.StartingHost;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A host that is asked to end, as `docker stop` and a terminal's Ctrl-C do it, lets its workers
/// finish what is in hand, and they exit in order after it.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrderlyStopIT {

    private static final String ALL_DONE = "done=" + DrainingHost.JOBS + " failed=0";
    private static final int JOB_MILLIS = 40; // two workers have them for 0.4 s
    private static final int A_MINUTE = 60_000;
    private static final int TERMINATED = 143;
    private static final int INTERRUPTED = 130;
    private static final int CTRL_C = 3;

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void hookOfATerminatedHostFinishesWhatIsInHand(String transport) throws Exception {
        var host = host(children.command().piped(), transport, DrainingHost.DRAIN_AND_CLOSE,
                JOB_MILLIS);
        List<ProcessHandle> workers = workers(host);

        host.signal("TERM");

        host.awaitExit(TERMINATED);
        assertThat(host.captured().lines()).contains("stopping", ALL_DONE);
        awaitEnd(workers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void workersThatAreLeftExitInOrderOnceTheHostIsGone(String transport) throws Exception {
        var host = host(children.command().piped(), transport, DrainingHost.DRAIN, JOB_MILLIS);
        List<ProcessHandle> workers = workers(host);

        host.signal("TERM");

        host.awaitExit(TERMINATED);
        assertThat(host.captured().lines()).contains(ALL_DONE);
        awaitEnd(workers);
        for (ProcessHandle worker : workers) {
            assertThat(children.directory().resolve("exit-" + worker.pid())).exists();
            assertThat(children.directory().resolve("orphan-" + worker.pid())).doesNotExist();
        }
    }

    /// As a login's runtime folder at its end: nothing can show the workers when the hooks have
    /// ended.
    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void hookFinishesWhatIsInHandThoughTheFolderOfSocketsIsGone(String transport) throws Exception {
        Path runtime = Files.createDirectory(children.directory().resolve("runtime"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var host = host(children.command().piped().environment("XDG_RUNTIME_DIR",
                runtime.toString()), transport, DrainingHost.DRAIN, JOB_MILLIS);
        List<ProcessHandle> workers = workers(host);
        try (Stream<Path> files = Files.list(runtime)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(runtime);

        host.signal("TERM");

        host.awaitExit(TERMINATED);
        assertThat(host.captured().lines()).contains(ALL_DONE);
        awaitEnd(workers);
    }

    /// The key goes to the whole foreground of the terminal, the workers as well.
    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void keyThatInterruptsReachesTheWorkersAndTheHostDecides(String transport) throws Exception {
        var host = host(inTerminal(), transport, DrainingHost.DRAIN, JOB_MILLIS);
        List<ProcessHandle> workers = workers(host);

        press(host, CTRL_C);

        awaitLine(host, ALL_DONE);
        host.awaitExit(INTERRUPTED);
        awaitEnd(workers);
        for (ProcessHandle worker : workers) {
            assertThat(children.directory().resolve("exit-" + worker.pid())).exists();
        }
    }

    @Test
    void secondKeyEndsTheWorkersAtOnce() throws Exception {
        var host = host(inTerminal(), "shm", DrainingHost.DRAIN, A_MINUTE);
        List<ProcessHandle> workers = workers(host);

        press(host, CTRL_C);
        awaitLine(host, "stopping");
        assertThat(workers).allMatch(Leftovers::isRunning);
        press(host, CTRL_C);

        awaitEnd(workers); // while the host still waits for their jobs
        host.awaitExit(INTERRUPTED);
        assertThat(host.captured().lines()).noneMatch(line -> line.strip().equals(ALL_DONE));
    }

    @Test
    void workerWhoseHostDoesNotExitEndsByAnInterruptAsUsual() throws Exception {
        try (var set = set().start()) {
            CompletableFuture<Integer> job = set.send(A_MINUTE);
            interrupt(set);

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class).withMessageContaining("exit=130");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xrs", "--limit-modules=java.base"}) // no module jdk.unsupported
    void workerWithoutSignalsEndsByAnInterruptAsUsual(String option) throws Exception {
        try (var set = set(option).start()) {
            CompletableFuture<Integer> job = set.send(A_MINUTE);
            interrupt(set);

            assertThat(job).failsWithin(Children.PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(WorkerDied.class).withMessageContaining("exit=130");
        }
    }

    @Test
    void handlerThatTheProgramHasSetStays() throws Exception {
        var host = host(inTerminal(), "shm", DrainingHost.DEAF, JOB_MILLIS);
        List<ProcessHandle> workers = workers(host);

        press(host, CTRL_C);
        awaitLine(host, "stopping");
        press(host, CTRL_C);

        awaitLine(host, ALL_DONE);
        host.awaitExit(INTERRUPTED);
        awaitEnd(workers);
    }

    private WorkerSetBuilder<Integer, Integer> set(String... options) {
        return WorkerSet.builder(Integer.class, Integer.class).workerCount(1)
                .worker(ChildJvm.of(DrainingHost.class).noClassArchive().shortLived()
                        .jvmOptions(options)
                        .arguments("shm", children.directory().toString(), DrainingHost.DRAIN));
    }

    private static void interrupt(WorkerSet<?, ?> set) throws Exception {
        String pid = Long.toString(set.workers().getFirst().pid());
        assertThat(new ProcessBuilder("kill", "-INT", pid).start().waitFor()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"STARTING, shm", "STARTING, unix", "DYING, shm", "DYING, unix", "IDLE, shm",
        "IDLE, unix"})
    void workerIsStartedForTheJobThatAHookWaitsFor(StartingHost.Task task, String transport)
            throws Exception {
        var host = children.command().piped().start(StartingHost.class, task.name(), transport,
                children.directory().toString());

        host.awaitExit(0);
        assertThat(host.captured().lines()).endsWith("drained=true", "done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void workerInItsStartEndsWhenItFindsThatItsHostIsGone(String transport) throws Exception {
        var host = children.command().start(StartingHost.class, StartingHost.Task.LEFT.name(),
                transport, children.directory().toString());

        host.awaitExit(0);

        try (Stream<Path> files = Files.list(children.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("ipc-channel-"));
        }
        ProcessHandle worker = started();
        Path _ = Files.createFile(children.directory().resolve("go"));
        awaitEnd(List.of(worker));
    }

    /// The worker that has left its number.
    private ProcessHandle started() throws IOException {
        try (Stream<Path> files = Files.list(children.directory())) {
            return ProcessHandle.of(files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d+")).mapToLong(Long::parseLong)
                    .findFirst().orElseThrow()).orElseThrow();
        }
    }

    /// In a terminal of its own, whose keys are what is written to the child.
    private Children.Command inTerminal() {
        return children.command().piped().under("sh", "-c",
                "exec script -qfec \"exec $*\" /dev/null", "sh");
    }

    private dev.ipcchannel.testing.ChildJvm host(Children.Command command, String transport,
            String mode, int jobMillis) throws Exception {
        return command.start(DrainingHost.class, transport, children.directory().toString(), mode,
                Integer.toString(jobMillis));
    }

    private static List<ProcessHandle> workers(dev.ipcchannel.testing.ChildJvm host)
            throws Exception {
        return List.of(worker(host), worker(host));
    }

    private static ProcessHandle worker(dev.ipcchannel.testing.ChildJvm host) throws Exception {
        String line = String.valueOf(host.captured().readLine(Children.PATIENCE)).strip();
        return ProcessHandle.of(Long.parseLong(line)).orElseThrow();
    }

    private static void press(dev.ipcchannel.testing.ChildJvm host, int key) throws Exception {
        OutputStream keys = host.process().getOutputStream();
        keys.write(key);
        keys.flush();
    }

    private static void awaitLine(dev.ipcchannel.testing.ChildJvm host, String line) {
        await("the host says " + line).atMost(Children.PATIENCE).until(() -> host.captured()
                .lines().stream().anyMatch(said -> said.strip().endsWith(line)));
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        await("all of them end").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                .until(() -> processes.stream().noneMatch(Leftovers::isRunning));
    }
}
