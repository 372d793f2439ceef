package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Leftovers;
import dev.ipcchannel.testing.children.ByHandChild;
import dev.ipcchannel.testing.children.FosterParent;
import dev.ipcchannel.testing.children.HostingChild;
import dev.ipcchannel.testing.children.OrphanChild;
import dev.ipcchannel.testing.children.OrphanChild.Task;
import dev.ipcchannel.testing.children.StubbornChild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children of a [ChildJvm] after their parent's end, which they do not outlive, and after the end
/// of a conversation, which they do.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrphanIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void childrenOfAKilledParentEndWhateverTheyAreDoing() throws Exception {
        var parent = startParent(Task.values());
        List<ProcessHandle> orphans = readChildren(parent, Task.values().length);
        ProcessHandle command = readChildren(parent, 1).getFirst();

        parent.kill();

        awaitEnd(orphans);
        for (Task task : Task.values()) {
            boolean isStuck = task == Task.COUNT_UNSTOPPABLY; // even a hook may have to wait there
            boolean endsItself = task == Task.RECEIVE; // with its input, perhaps before the hook
            if (!isStuck && !endsItself) {
                assertThat(file(task)).as("what the hook of %s writes", task).exists();
            }
        }
        command.destroyForcibly(); // no other program is tied to its parent
    }

    @Test
    void childrenOfAParentThatExitsEnd() throws Exception {
        var parent = startParent(Task.SLEEP, Task.SLEEP_AND_HANG);
        List<ProcessHandle> orphans = readChildren(parent, 3); // the command as well

        parent.cue();

        parent.awaitExit(FosterParent.EXIT_CODE);
        awaitEnd(orphans);
    }

    @Test
    void endOfTheConversationDoesNotEndTheChild() throws Exception {
        ChildJvm orphan = ChildJvm.of(OrphanChild.class)
                .arguments(Task.RECEIVE.name(), file(Task.RECEIVE).toString())
                .output(Output.capture());
        try (ChildLink<String, String> child = orphan.start(String.class, String.class)) {
            assertThat(child.receive(Children.PATIENCE)).isEqualTo("ready");

            child.link().close();

            assertThat(child.process().output().readLine(Children.PATIENCE))
                    .isEqualTo(OrphanChild.DISCONNECTED);
            child.process().process().getOutputStream().close();
            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
            assertThat(file(Task.RECEIVE)).doesNotExist();
        }
    }

    @Test
    void childThatWasStartedByHandIsOnlyDisconnected() throws Exception {
        var host = children.command().piped().start(HostingChild.class);
        String name = String.valueOf(host.captured().readLine(Children.PATIENCE));
        Path hook = children.directory().resolve("hook");
        var child = children.command().piped()
                .environment("IPC2_SOCKET_PATH", name)
                .start(ByHandChild.class, name, hook.toString());
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("ready");

        host.kill();

        child.awaitExit(0);
        assertThat(child.captured().lines()).containsExactly("ready", OrphanChild.DISCONNECTED);
        assertThat(hook).doesNotExist();
    }

    /// The grace is the parent's, so it ends with the parent.
    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix", "rings"})
    void refusedChildOfAParentThatIsKilledInItsGraceEnds(String transport) throws Exception {
        var parent = children.command().piped().start(StubbornChild.class, "parent", transport);
        String line = String.valueOf(parent.captured().readLine(Children.PATIENCE));
        assertThat(line).startsWith("ready ").contains(transport.equals("rings")
                ? "Disconnected: the parent has refused this child: it has made its channels with"
                        + " more"
                : "TypeMismatch: the parent has refused");
        ProcessHandle child = ProcessHandle.of(Long.parseLong(line.split(" ", 3)[1]))
                .orElseThrow();
        assertThat(child.isAlive()).isTrue();

        parent.kill();

        try {
            awaitEnd(List.of(child));
        } finally {
            child.destroyForcibly(); // an hour is long
        }
        OneShotServer.open(String.class).close(); // which sweeps the parent's files
    }

    private dev.ipcchannel.testing.ChildJvm startParent(Task... tasks) throws Exception {
        return children.command().piped().start(FosterParent.class,
                Stream.concat(Stream.of(children.directory().toString()),
                        Stream.of(tasks).map(Task::name)).toArray(String[]::new));
    }

    private List<ProcessHandle> readChildren(dev.ipcchannel.testing.ChildJvm parent, int count)
            throws Exception {
        List<ProcessHandle> read = new ArrayList<>();
        while (read.size() < count) {
            String line = String.valueOf(parent.captured().readLine(Children.PATIENCE));
            assertThat(line).startsWith("ready ");
            read.add(ProcessHandle.of(Long.parseLong(line.substring("ready ".length())))
                    .orElseThrow());
        }
        return read;
    }

    private Path file(Task task) {
        return children.directory().resolve(task.name());
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        await("all of them end").atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(5))
                .until(() -> processes.stream().noneMatch(Leftovers::isRunning));
    }
}
