package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.rendezvous.ParentProcess;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LeftChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Children that are left to their parent's shutdown hooks: they end as soon as the hooks have
/// ended, and before the parent, which would wait for them. The parent is this JVM, which only
/// announces its exit; a directory of the test shows the end of its hooks.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitSignIT {

    private static final int WORDS = 20_000; // more than there is time for in an exit
    private static final Duration TIME_OF_HOOKS = Duration.ofMillis(1500);

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void childGoesInOrderWhenTheHooksOfItsParentHaveEnded(String transport) throws Exception {
        assertLeaves(transport, 0, LeftChild.EXITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void childThatDoesNotSeeTheSignStays(String transport) throws Exception {
        try (ChildLink<String, String> child = start(transport, "/nowhere", 0)) {
            ParentProcess.sendLeaving();
            assertEchoes(child);
            assertEchoes(child);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void exitIsSignalledToEachChildOnce(String transport) throws Exception {
        try (ChildLink<String, String> child =
                start(transport, String.valueOf(ExitSign.own()), 0)) {
            ParentProcess.sendLeaving();
            assertEchoes(child);
            ParentProcess.sendLeaving(); // a second notice would count as the end
            for (int i = 0; i < WORDS; i++) {
                assertEchoes(child);
            }
        }
    }

    /// The notice is passed on to the child's own child at once, and once more when the child
    /// exits.
    @Test
    void hookOfAChildMayUseItsOwnChildThoughTheirParentExits() throws Exception {
        assertLeaves("shm", 1, "by a child", LeftChild.EXITED);
    }

    /// Ends children until one has got the full time for its hooks, which on a busy machine may not
    /// be the first: it exits in order and leaves these files.
    private void assertLeaves(String transport, int below, String... files) throws Exception {
        int exitCode;
        Duration time;
        do {
            for (String file : files) {
                Files.deleteIfExists(children.directory().resolve(file));
            }
            ServerDirectory sign = ServerDirectory.create();
            try (ChildLink<String, String> child = start(transport, sign.path(), below)) {
                ParentProcess.sendLeaving();
                assertEchoes(child);

                long begin = System.nanoTime();
                sign.close();
                exitCode = child.process().awaitExit(Children.PATIENCE);
                time = Duration.ofNanos(System.nanoTime() - begin);
            } finally {
                sign.close();
            }
        } while (time.compareTo(TIME_OF_HOOKS) >= 0); // it may have had too little time

        assertThat(exitCode).isEqualTo(ParentProcess.ORPHANED);
        assertThat(files).allSatisfy(
                file -> assertThat(children.directory().resolve(file)).exists());
    }

    /// The check for leftovers comes after each test.
    @Test
    void nothingIsLeftOfAKilledParentNorOfItsChildThatIsAParentAsWell() throws Exception {
        var parent = children.command().piped().start(LeftChild.class,
                children.directory().toString(), "2");
        assertThat(parent.captured().readLine(Children.PATIENCE)).isEqualTo("ready");
        assertThat(signs()).hasSize(2);

        parent.kill();

        await("nothing is left").atMost(Children.PATIENCE).until(() -> signs().isEmpty());
    }

    private List<Path> signs() throws IOException {
        try (Stream<Path> files = Files.list(children.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith("ipc-channel-"))
                    .toList();
        }
    }

    /// @param sign the last such option on the command line counts
    /// @param below how many levels of children are to be below it
    private ChildLink<String, String> start(String transport, String sign, int below)
            throws InterruptedException {
        return ChildJvm.of(LeftChild.class).shortLived().noClassArchive()
                .transport(transport.equals("shm") ? Transport.shm() : Transport.unix())
                .jvmOptions("-D" + ParentProcess.EXIT_SIGN + "=" + sign)
                .arguments(children.directory().toString(), Integer.toString(below))
                .start(String.class, String.class);
    }

    private static void assertEchoes(ChildLink<String, String> child) throws InterruptedException {
        child.send("a word");
        assertThat(child.receive()).isEqualTo("a word");
    }
}
