package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.children.FillingChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Processes that lack descriptors for a while and cut off other members then: afterwards they
/// connect with them again.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DisconnectedNamesIT {

    private static final int MOST = 200;
    private static final byte[] LONG = new byte[300_000]; // needs a descriptor
    private static final Pattern HEARD = Pattern.compile("heard (\\d+)");

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @BeforeEach
    void limitsCanBeSet() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
    }

    private ChildJvm start(String role) throws IOException {
        ChildJvm child =
                children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                        .under("prlimit", "--nofile=" + MOST + ":" + MOST)
                        .start(FillingChild.class, role);
        awaitWord(child, FillingChild.READY);
        return child;
    }

    private static void awaitWord(ChildJvm child, String word) {
        await().atMost(Children.PATIENCE).until(() -> child.output().contains(word));
    }

    private static void go(ChildJvm child) throws IOException {
        child.process().getOutputStream().write('\n');
        child.process().getOutputStream().flush();
    }

    private static void end(ChildJvm child) throws InterruptedException {
        child.cue();
        child.awaitExit(0);
    }

    @Test
    void serverThatLackedDescriptorsForAQuestionAnswersTheNext() throws Exception {
        ChildJvm child = start(FillingChild.SERVES);
        try (NamedCaller<byte[], Integer> caller =
                NamedCaller.open(FillingChild.NAME, byte[].class, Integer.class)) {
            assertThat(caller.call(new byte[1], Children.PATIENCE)).isEqualTo(1);
            go(child);
            awaitWord(child, FillingChild.FULL);
            assertThatThrownBy(() -> caller.call(LONG, Duration.ofSeconds(1)))
                    .isInstanceOf(IpcException.class);

            go(child);
            awaitWord(child, FillingChild.FREE);

            // A connection that was made meanwhile may be cut off yet, which its next call meets.
            await().atMost(Children.PATIENCE).ignoreException(ResourceExhausted.class)
                    .until(() -> caller.call(LONG, Children.PATIENCE) == LONG.length);
            assertThat(caller.serverCount()).isEqualTo(1);
            caller.waitUntilReady(1, Children.PATIENCE);
            end(child);
        }
    }

    @Test
    void receiverThatLackedDescriptorsForASenderHasItAgain() throws Exception {
        ChildJvm child = start(FillingChild.RECEIVES);
        try (NamedSender<String> sender = NamedSender.open(FillingChild.NAME, String.class)) {
            go(child);
            awaitWord(child, FillingChild.FULL);
            await().atMost(Children.PATIENCE).until(
                    () -> sender.trySend("lost") == SendOutcome.NO_RECEIVER);

            go(child);
            awaitWord(child, FillingChild.FREE);

            await().atMost(Children.PATIENCE).until(() -> {
                sender.send("found", Children.PATIENCE);
                return child.output().contains("got found");
            });
            assertThat(sender.receiverCount()).isEqualTo(1);
            end(child);
        }
    }

    @Test
    void listenerThatLackedDescriptorsGetsEachSignal() throws Exception {
        ChildJvm child = start(FillingChild.LISTENS);
        try (NamedSignal giver = NamedSignal.open(FillingChild.NAME)) {
            giver.waitForListeners(1, Children.PATIENCE);
            go(child);
            awaitWord(child, FillingChild.FULL);
            for (int i = 0; i < 5; i++) {
                giver.signal(1);
            }

            go(child);
            awaitWord(child, FillingChild.FREE);
            for (int i = 0; i < 5; i++) {
                giver.signal(1);
            }

            await().atMost(Children.PATIENCE).until(() -> heard(child) >= 10);
            assertThat(heard(child)).isEqualTo(10);
            end(child);
        }
    }

    /// It is the only signal, so no later one shows that it did not arrive.
    @Test
    void onlySignalReachesAListenerThatLackedDescriptors() throws Exception {
        ChildJvm child = start(FillingChild.LISTENS);
        try (NamedSignal giver = NamedSignal.open(FillingChild.NAME)) {
            giver.waitForListeners(1, Children.PATIENCE);
            go(child);
            awaitWord(child, FillingChild.FULL);
            giver.signal(1);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true); // it is turned away

            go(child);

            await().atMost(Children.PATIENCE).until(() -> heard(child) == 1);
            end(child);
        }
    }

    private static long heard(ChildJvm child) {
        return HEARD.matcher(child.output()).results().map(MatchResult::group)
                .mapToLong(line -> Long.parseLong(line.substring("heard ".length()))).sum();
    }
}
