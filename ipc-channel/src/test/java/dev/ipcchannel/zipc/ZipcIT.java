package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.ZipcChild;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queues between processes that are killed, truncate the file, or have no memory for it.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcIT {

    private static final int SLOTS = ZipcChild.SLOTS;
    private static final int LENGTH = ZipcChild.LENGTH;
    private static final int KILLS = 6;

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();
    @RegisterExtension
    final Children children = new Children();

    private final Path path = Zipc.shmPath(queue.name());
    private final long seed = new Random().nextLong();

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private ChildJvm start(String... flags) throws Exception {
        return start(children.command().flags(flags));
    }

    private static ChildJvm start(Children.Command command) throws Exception {
        ChildJvm child = command.piped().start(ZipcChild.class);
        assertThat(child.answer()).isEqualTo("up");
        return child;
    }

    @Test
    void messagesGoBetweenProcessesWhicheverIsFirst() throws Exception {
        ChildJvm child = start();
        assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
        child.order("receive 45000");
        try (ZipcSender sender = sender()) {
            assertThat(sender.send(ZipcChild.numbered(7))).isTrue();
            assertThat(child.answer()).isEqualTo("7");
        }
        assertThat(child.ask("close")).isEqualTo("closed");

        assertThat(child.ask("sender " + queue.name())).isEqualTo("opened");
        assertThat(child.ask("send 8")).isEqualTo("true");
        child.end();
        try (ZipcReceiver receiver = receiver()) {
            byte[] target = new byte[LENGTH];
            int length = receiver.receive(target);
            assertThat(target).startsWith(ZipcChild.numbered(8));
            assertThat(length).isEqualTo(ZipcChild.numbered(8).length);
        }
    }

    @Test
    void processesThatMakeTheQueueAtOnceMeet() throws Exception {
        ChildJvm one = start();
        ChildJvm two = start();
        for (int round = 0; round < 100; round++) {
            Zipc.unlink(queue.name());
            one.order("sender " + queue.name());
            two.order("receiver " + queue.name());
            assertThat(one.answer()).isEqualTo("opened");
            assertThat(two.answer()).isEqualTo("opened");
            assertThat(path).hasSize(Zipc.sharedMemorySize(SLOTS, LENGTH));
            assertThat(one.ask("send " + round)).isEqualTo("true");
            assertThat(two.ask("receive 45000")).isEqualTo(Integer.toString(round));
            assertThat(one.ask("close")).isEqualTo("closed");
            assertThat(two.ask("close")).isEqualTo("closed");
        }
        one.end();
        two.end();
    }

    /// Most kills are in the middle of a send, since the process only sends.
    @Test
    void messagesOfASenderThatIsKilledAreThereOrNot() throws Exception {
        Random random = new Random(seed);
        byte[] target = new byte[LENGTH];
        int next = 0;
        try (ZipcReceiver receiver = receiver()) {
            for (int round = 0; round < KILLS; round++) {
                ChildJvm child = start();
                assertThat(child.ask("sender " + queue.name())).isEqualTo("opened");
                assertThat(child.ask("flood " + next)).isEqualTo("floods");
                int most = next + random.nextInt(1, 20_000);
                for (; next < most; next++) {
                    assertNumber(next, target, receiver.receive(target, Children.PATIENCE));
                }
                child.kill();
                for (int length = receiver.receive(target); length >= 0; next++) {
                    assertNumber(next, target, length);
                    length = receiver.receive(target);
                }
            }
            try (ZipcSender sender = sender()) {
                assertThat(sender.send(ZipcChild.numbered(next))).isTrue();
                assertNumber(next, target, receiver.receive(target));
            }
        }
    }

    private void assertNumber(int number, byte[] target, int length) {
        assertThat(length).as("length of message %d, seed %d", number, seed).isNotNegative();
        assertThat(ZipcChild.number(Arrays.copyOf(target, length))).as("seed %d", seed)
                .isEqualTo(number);
    }

    @Test
    void receiverAfterOneThatWasKilledGetsTheMessagesThatFollow() throws Exception {
        Random random = new Random(seed);
        byte[] target = new byte[LENGTH];
        int next = 0;
        try (ZipcSender sender = sender()) {
            for (int round = 0; round < KILLS; round++) {
                ChildJvm child = start();
                assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
                assertThat(child.ask("drain")).isEqualTo("drains");
                int most = next + random.nextInt(1, 20_000);
                while (next < most) {
                    next += sender.send(ZipcChild.numbered(next)) ? 1 : 0;
                }
                child.kill();
                assertThat(child.captured().lines()).as("what went wrong there").hasSize(3);
                while (sender.send(ZipcChild.numbered(next))) {
                    next++;
                }
                try (ZipcReceiver receiver = receiver()) {
                    for (int number = next - (SLOTS - 1); number < next; number++) {
                        assertNumber(number, target, receiver.receive(target));
                    }
                    assertThat(receiver.receive()).isNull();
                }
            }
        }
    }

    /// A fault of the memory in code of each kind that the JVM runs.
    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4"})
    void jvmOutlivesAFileThatIsCutWhileItReceivesAndSends(String mode) throws Exception {
        for (String[] end : new String[][]{{"receiver", "poll", "polls"},
            {"sender", "spray", "sprays"}}) {
            Zipc.unlink(queue.name());
            ChildJvm child = start(mode);
            assertThat(child.ask(end[0] + " " + queue.name())).isEqualTo("opened");
            assertThat(child.ask(end[1])).isEqualTo(end[2]);
            if (end[0].equals("receiver")) {
                feed();
            }
            cut();
            // If the message is read in place, it is the JVM's own error.
            assertThat(child.answer()).matches("(ProtocolViolation: .*has cut its file.*|"
                    + "ProtocolViolation: .*not that of a queue of this size.*|"
                    + "InternalError: .*)");
            child.end();
        }
    }

    private void feed() {
        byte[] message = new byte[LENGTH];
        try (ZipcSender sender = sender()) {
            for (int i = 0; i < 3_000;) {
                i += sender.send(message) ? 1 : 0;
            }
        }
    }

    private void cut() throws Exception {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
    }

    @Test
    void waitOnAFileThatIsCutEndsWithItsTime() throws Exception {
        ChildJvm child = start();
        assertThat(child.ask("sender " + queue.name())).isEqualTo("opened");
        assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
        child.order("receive 1500");
        try (ZipcSender look = sender()) {
            while (look.sharedMemory().get(ValueLayout.JAVA_INT,
                    QueueLayout.WAITERS) == 0) {
                Thread.onSpinWait(); // until it waits
            }
        }
        cut();
        assertThat(child.answer()).contains("ProtocolViolation: ").contains("has cut its file");
        assertThat(child.ask("receive 1")).contains("ProtocolViolation: ");
        child.end();
    }

    @Test
    void jvmExitsWhileManyThreadsWait() throws Exception {
        ChildJvm child = start();
        child.order("exit");
        child.awaitExit(3);
    }

    @Test
    void virtualThreadsTalkToEachOtherOnOneCarrier() throws Exception {
        ChildJvm child = start(children.command().onOneCarrier());
        assertThat(child.ask("sender " + queue.name())).isEqualTo("opened");
        assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
        assertThat(child.ask("virtual")).isEqualTo("all");
        child.end();
    }

    @Test
    void fullSharedMemoryIsReportedAndLeavesNoFile() throws Exception {
        ChildJvm child = start(children.command().under(privately(
                "mount -t tmpfs -o size=4k none /dev/shm")));
        assertThat(child.ask("sender " + queue.name())).isEqualTo("opened"); // 3,460 bytes
        String other = queue.name() + "-2";
        assertThat(child.ask("receiver " + other))
                .startsWith("ResourceExhausted: zipc queue " + other + " cannot be opened: ")
                .contains("has no room for more: bytes=4096");
        assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
        assertThat(child.ask("send 1")).isEqualTo("true");
        assertThat(child.ask("receive 45000")).isEqualTo("1");
        assertThat(Path.of("/proc/" + child.pid() + "/root/dev/shm" + other)).doesNotExist();
        child.end();
    }

    /// The file's name is in the charset of the locale; the locale C has only ASCII.
    @Test
    void nameThatTheLocaleHasNoLettersForIsRefusedWithWhatToDo() throws Exception {
        ChildJvm child = start(children.command().environment("LC_ALL", "C"));
        assertThat(child.ask("letters")).startsWith("IllegalArgumentException: the name of a zipc"
                + " queue has only letters that the locale of this process has: name=")
                .contains(", charset=").endsWith(": start java with LC_ALL=C.UTF-8, or take a name"
                        + " of ASCII letters");
        child.end();
        ChildJvm other = start(children.command().environment("LC_ALL", "C.UTF-8"));
        assertThat(other.ask("letters")).isEqualTo("opened");
        other.end();
    }

    @Test
    void missingSharedMemoryIsReported() throws Exception {
        Path devices = children.directory().resolve("dev");
        ChildJvm child = start(children.command().under(privately(
                ("mkdir %1$s && for n in null zero random urandom; do touch %1$s/$n"
                        + " && mount --bind /dev/$n %1$s/$n; done && mount --rbind %1$s /dev")
                        .formatted(devices))));
        assertThat(child.ask("sender " + queue.name())).isEqualTo("SystemCallFailed: zipc queue "
                + queue.name() + " cannot be opened: there is no directory /dev/shm: have a tmpfs"
                + " mounted there");
        child.end();
    }

    /// A command in its own mount namespace, if this user may have one.
    private static String[] privately(String script) throws Exception {
        assumeTrue(OtherUser.command().length > 0); // mounting needs root
        Process probe = new ProcessBuilder("unshare", "--mount", "true").start();
        assumeTrue(probe.waitFor() == 0, "this user may not make a mount namespace (unshare -m)");
        return new String[]{"unshare", "--mount", "sh", "-c", script + " && exec \"$@\"", "sh"};
    }

    @Test
    void waitInAnotherProcessEndsWithItsTime() throws Exception {
        ChildJvm child = start();
        assertThat(child.ask("receiver " + queue.name())).isEqualTo("opened");
        long start = System.nanoTime();
        assertThat(child.ask("receive 30")).isEqualTo("none");
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(30).toNanos());
        child.end();
    }
}
