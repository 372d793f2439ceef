package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.CuedEchoChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Children that are hard to end: nothing is left of them, whatever ends them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildTraceIT {

    private static final int CHAINS = 20;
    private static final int LINKS = 3_000; // some seconds, if it is not ended

    @RegisterExtension
    final Children children = new Children();

    @Test
    void descendantThatStartsTheNextAndEndsAllTheTimeIsKilled() throws Exception {
        Path chain = Files.writeString(children.directory().resolve("chain"), """
                [ "$1" -eq 0 ] && touch "$0-has-come-to-its-end" && exit
                exec sh -c 'setsid sh "$0" $(($1 - 1)) &' "$0" "$1"
                """);
        for (int i = 0; i < CHAINS; i++) {
            ChildProcess child = ChildJvm.ofCommand("sh", "-c",
                    "(setsid sh '%s' %d &); echo ready; read _".formatted(chain, LINKS))
                    .output(Output.capture()).errors(Output.capture()).start();
            assertThat(child.output().readLine(Children.PATIENCE)).isEqualTo("ready");

            child.kill();
        }

        // One whose environment the kernel has withheld is killed a moment later.
        await().atMost(Children.PATIENCE).until(() -> running(chain.toString()).isEmpty());
        assertThat(children.directory().resolve("chain-has-come-to-its-end")).doesNotExist();
    }

    /// The processes with that argument.
    private static List<String> running(String argument) {
        return ProcessHandle.allProcesses().map(ProcessHandle::info)
                .flatMap(info -> info.commandLine().stream())
                .filter(line -> line.contains(argument)).toList();
    }

    @Test
    void childThatIsClosedByWhatDependsOnItsEndHasLeftNothing() throws Exception {
        ChildProcess child = ChildJvm.of(CuedEchoChild.class).output(Output.capture())
                .jvmOptions("-Dlong=" + "x".repeat(ArgumentFile.LONG)).start();
        assertThat(argumentFiles()).hasSize(1);

        CompletableFuture<List<Path>> left = child.onExit().thenApply(ended -> {
            ended.close(); // on the thread that completes the future
            return argumentFiles();
        });
        child.process().getOutputStream().close(); // its cue, after which it ends by itself

        assertThat(left).succeedsWithin(Children.PATIENCE).asInstanceOf(LIST).isEmpty();
    }

    /// The argument files of this process.
    private static List<Path> argumentFiles() {
        String owner = "ipc-channel-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(owner)
                    && file.toString().endsWith(".args")).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
