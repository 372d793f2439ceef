package dev.ipcchannel.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A process that the kernel stops amid an exec, for as long as a server of FUSE likes: a process
/// that asks for its environment, or for the time of its start, waits with it. No caller of the
/// library does.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldExecIT {

    private static final int NO_FUSE = 77;
    private static final String NAME = "IPC_CHANNEL_TEST_MARK";
    private static final String VALUE = Long.toString(System.nanoTime());
    private static final String MARK = NAME + "=" + VALUE;

    @RegisterExtension
    final Children children = new Children();

    private Process script;
    private long server;
    private long held;

    @BeforeEach
    void start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("python3", Path
                .of(HeldExecIT.class.getResource("held_exec.py").toURI()).toString());
        builder.environment().put(NAME, VALUE);
        script = started(builder.redirectError(ProcessBuilder.Redirect.DISCARD));
        BufferedReader output = script.inputReader();
        String line = output.readLine();
        assumeTrue(line != null || script.waitFor() != NO_FUSE,
                "no file system of FUSE can be had");
        assertThat(line).as("what the script says").isNotNull();
        server = Long.parseLong(line.substring(0, line.indexOf(' ')));
        held = Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    private static Process started(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException failure) {
            assumeTrue(false, "there is no python3: " + failure.getMessage());
            throw new AssertionError(failure);
        }
    }

    @AfterEach
    void end() throws Exception {
        if (server != 0) {
            ProcessHandle.of(server).ifPresent(ProcessHandle::destroyForcibly);
        }
        script.destroyForcibly().waitFor();
        script.getOutputStream().close();
        if (server != 0) {
            awaitGone(server);
            // The kernel answers now.
            ProcessHandle.of(held).ifPresent(ProcessHandle::destroyForcibly);
            awaitGone(held);
        }
    }

    @Test
    void walkPassesItByAndKillsItOnceTheKernelShowsItsEnvironment() throws Exception {
        Waits<Integer> walk = Waits.in(() -> ProcessTree.killMarked(MARK,
                Deadline.after(Children.PATIENCE)));

        assertThat(walk.value()).as("the script").isEqualTo(1);
        assertThat(isThere(held)).as("cannot be killed yet").isTrue();
        assertThat(ProcessHandle.of(server).orElseThrow().destroyForcibly()).isTrue();
        awaitGone(held); // it would sleep for a minute
    }

    @Test
    void listOfDescendantsIsGivenUp() throws Exception {
        Set<ProcessHandle> below =
                Waits.in(() -> ProcessTree.below(ProcessHandle.current())).value();

        assertThat(below).as("unknown").isEmpty();
    }

    @Test
    void killOfItsParentDoesNotWaitForIt() throws Exception {
        Waits<Set<ProcessHandle>> kill = Waits.in(() -> ProcessTree.kill(script));

        kill.value();

        assertThat(script.waitFor()).as("exit code").isEqualTo(137);
        assertThat(isThere(held)).isTrue();
    }

    @Test
    void stateOfItIsKnown() throws Exception {
        assertThat(Waits.in(() -> ProcessTree.state(held)).value()).isIn('S', 'D');
    }

    @Test
    void interruptOfTheWalkIsKeptForLater() throws Exception {
        Waits<Boolean> walk = Waits.in(() -> {
            Thread.currentThread().interrupt();
            int _ = ProcessTree.killMarked(MARK, Deadline.after(Duration.ofSeconds(30)));
            return Thread.interrupted();
        });

        assertThat(walk.value()).isTrue();
    }

    private static boolean isThere(long pid) {
        return Files.exists(Path.of("/proc/" + pid)) && ProcessTree.state(pid) != 'Z';
    }

    private static void awaitGone(long pid) {
        await("it is gone: pid=" + pid).atMost(Children.PATIENCE).until(() -> !isThere(pid));
    }
}
