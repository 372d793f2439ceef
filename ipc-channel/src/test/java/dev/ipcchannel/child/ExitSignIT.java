package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.rendezvous.ExitSign;
import dev.ipcchannel.internal.rendezvous.Parenthood;
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

/// A child that was left to its parent's shutdown hooks goes as soon as these have ended, and
/// before its parent has, which would wait for it. The parent is this JVM, which says that it
/// exits; what shows the end of its hooks is a directory of the test's.
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
            Parenthood.sayLeaving();
            assertEchoes(child);
            assertEchoes(child);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void exitIsSaidToEachChildOnce(String transport) throws Exception {
        try (ChildLink<String, String> child =
                start(transport, String.valueOf(ExitSign.own()), 0)) {
            Parenthood.sayLeaving();
            assertEchoes(child);
            Parenthood.sayLeaving(); // a second word would be taken for the end
            for (int i = 0; i < WORDS; i++) {
                assertEchoes(child);
            }
        }
    }

    /// What is said goes on to its child at once, and it says so itself when it exits.
    @Test
    void hookOfAChildMayUseItsOwnChildThoughTheirParentExits() throws Exception {
        assertLeaves("shm", 1, "by a child", LeftChild.EXITED);
    }

    /// Has children go until one was given the time that its hooks have, which on a busy machine is
    /// not the first: it goes in order, and leaves these files.
    private void assertLeaves(String transport, int below, String... files) throws Exception {
        int exitCode;
        Duration time;
        do {
            for (String file : files) {
                Files.deleteIfExists(children.directory().resolve(file));
            }
            ServerDirectory sign = ServerDirectory.create();
            try (ChildLink<String, String> child = start(transport, sign.path(), below)) {
                Parenthood.sayLeaving();
                assertEchoes(child);

                long begin = System.nanoTime();
                sign.close();
                exitCode = child.process().awaitExit(Children.PATIENCE);
                time = Duration.ofNanos(System.nanoTime() - begin);
            } finally {
                sign.close();
            }
        } while (time.compareTo(TIME_OF_HOOKS) >= 0); // it may have been cut short

        assertThat(exitCode).isEqualTo(Parenthood.ORPHANED);
        assertThat(files).allSatisfy(
                file -> assertThat(children.directory().resolve(file)).exists());
    }

    /// What is left is looked for after each test.
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

    /// @param sign the last word on its command line counts
    /// @param below how many children there are to be below it
    private ChildLink<String, String> start(String transport, String sign, int below)
            throws InterruptedException {
        return ChildJvm.of(LeftChild.class).shortLived().noClassArchive()
                .transport(transport.equals("shm") ? Transport.shm() : Transport.unix())
                .jvmOptions("-D" + Parenthood.EXIT_SIGN + "=" + sign)
                .arguments(children.directory().toString(), Integer.toString(below))
                .start(String.class, String.class);
    }

    private static void assertEchoes(ChildLink<String, String> child) throws InterruptedException {
        child.send("a word");
        assertThat(child.receive()).isEqualTo("a word");
    }
}
