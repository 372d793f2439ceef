package dev.ipcchannel.zipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The file of a queue: its creation, and the files that are refused.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcFileTest {

    private static final int SLOTS = 8;
    private static final int LENGTH = 100;
    private static final String OF_OTHER_SIZES = "give the sizes and the dialect of the other side,"
            + " or unlink it, or take another name";
    private static final long BYTES = Zipc.sharedMemorySize(SLOTS, LENGTH);

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();

    private final Path path = Zipc.shmPath(queue.name());

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private void assertRefusedForBeing(String reason, String remedy) {
        assertThatThrownBy(this::sender).isInstanceOf(HandshakeFailed.class)
                .hasMessage("the file of zipc queue %s is not used, for it %s: path=%s,"
                        .formatted(queue.name(), reason, path)
                        + " queue=8 slots of 100 bytes, dialect=CURRENT: " + remedy)
                .hasNoCause();
        assertThatThrownBy(this::receiver).isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining(reason);
    }

    /// Makes a file that is private to this user.
    private void make(long bytes) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions
                        .asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            if (bytes > 0) {
                file.position(bytes - 1).write(ByteBuffer.allocate(1));
            }
        }
    }

    @Test
    void firstEndMakesTheFileForItsUserAloneAndTheNameCanBeUnlinked() throws Exception {
        try (ZipcReceiver receiver = receiver()) {
            assertThat(path).hasSize(BYTES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            Zipc.unlink(queue.name());
            assertThat(path).doesNotExist();
            assertThat(receiver.receive()).isNull(); // it goes on with its memory
        }
        Zipc.unlink(queue.name()); // no effect without a file
    }

    @Test
    void closedEndsLeaveTheFileAndNoDescriptorOrMapping() throws Exception {
        sender().close();
        receiver().close();
        assertThat(path).exists();
        assertThat(mappings()).isEmpty();
        ZipcSender open = sender();
        assertThat(mappings()).hasSize(1);
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.map(ZipcFileTest::target)).doesNotContain(path.toString());
        }
        open.close();
        assertThat(mappings()).isEmpty();
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) { // closed meanwhile
            return "";
        }
    }

    private List<String> mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(path.toString())).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 128})
    void shorterFileIsRefusedAndStaysAsItIs(long bytes) throws Exception {
        make(bytes);
        assertRefusedForBeing("is shorter than it has to be: bytes=%d, needed=%d".formatted(bytes,
                BYTES), OF_OTHER_SIZES);
        assertThat(path).hasSize(bytes);
    }

    @Test
    void fileThatLacksOneByteIsRefused() throws Exception {
        make(BYTES - 1);
        assertRefusedForBeing("is shorter than it has to be: bytes=%d, needed=%d"
                .formatted(BYTES - 1, BYTES), OF_OTHER_SIZES);
        assertThat(path).hasSize(BYTES - 1);
    }

    @Test
    void queueOfOtherSizesThatIsInUseIsRefusedToASmallerSenderAndReceiver() {
        try (ZipcSender sender = ZipcSender.open(queue.name(), SLOTS, LENGTH);
                ZipcReceiver receiver = ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
                ZipcReceiver smaller = ZipcReceiver.open(queue.name(), SLOTS, LENGTH / 2)) {
            assertThat(smaller.receive()).as("nothing has gone through it").isNull();
            assertThat(sender.send(new byte[]{1, 2, 3})).isTrue();

            assertThatThrownBy(() -> ZipcSender.open(queue.name(), SLOTS, LENGTH / 2))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("head=0, tail=1")
                    .hasMessageContaining("the sizes and the dialect of the other side");
            assertThatThrownBy(smaller::receive).isInstanceOf(ProtocolViolation.class);
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(3);
        }
    }

    @Test
    void longerFileIsUsedAndStaysAsLong() throws Exception {
        make(BYTES + 10_000);
        try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
            assertThat(sender.send(new byte[3])).isTrue();
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(3);
        }
        assertThat(path).hasSize(BYTES + 10_000);
    }

    /// Its maker has not set the length yet, or was killed before.
    @Test
    void fileWithoutAByteGetsItsLength() throws Exception {
        make(0);
        try (ZipcReceiver receiver = receiver(); ZipcSender sender = sender()) {
            assertThat(sender.send(new byte[3])).isTrue();
            assertThat(receiver.receive(new byte[LENGTH])).isEqualTo(3);
        }
        assertThat(path).hasSize(BYTES);
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----,640", "rw-rw-rw-,666", "rwx------,700", "rw----r--,604"})
    void fileOfAnotherModeIsRefused(String rights, String mode) throws Exception {
        make(BYTES);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
        assertRefusedForBeing("is not its owner's alone: mode=%s, needed=600".formatted(mode),
                "give it that mode (chmod), or unlink it, or take another name");
    }

    @Test
    void fileOfAnotherUserIsRefused() throws Exception {
        String[] _ = OtherUser.command(); // root may give a file away
        make(BYTES);
        OtherUser.own(path, OtherUser.NUMBER);
        assertRefusedForBeing("is another user's: owner=65534, user=0", "take another name");
    }

    @Test
    void symbolicLinkIsRefusedWhateverItLeadsTo() throws Exception {
        Path elsewhere = Path.of(path + "-elsewhere");
        Files.createSymbolicLink(path, elsewhere);
        assertRefusedForBeing("is a symbolic link", "unlink it, or take another name");
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void directoryIsRefused() throws Exception {
        Files.createDirectory(path);
        try {
            assertRefusedForBeing("is a directory",
                    "remove that directory, or take another name");
            assertThatThrownBy(() -> Zipc.unlink(queue.name()))
                    .isInstanceOf(SystemCallFailed.class)
                    .hasMessage("zipc queue %s cannot be unlinked: %s is a directory: remove that"
                            .formatted(queue.name(), path) + " directory");
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void pipeIsRefused() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString()).start();
        assumeTrue(mkfifo.waitFor() == 0, "mkfifo cannot make a pipe here");
        assertRefusedForBeing("is no file with bytes", "unlink it, or take another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "name", "name/", "//name", "/two/parts"})
    void nameWithoutItsOneSlashIsRefusedEverywhere(String name) {
        assertNoName(name, "is a slash and 1 to 38 bytes without another one: name='" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.", "/.."})
    void nameOfADirectoryIsRefusedEverywhere(String name) {
        assertNoName(name, "is that of a file, which . and .. are not: name='" + name + "'");
    }

    @Test
    void nameWithAZeroIsRefusedEverywhere() {
        assertNoName("/a\0b", "has no zero in it, which would end it: name='/a\\u0000b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/123456789012345678901234567890123456789", "/éééééééééééééééééééé"})
    void nameThatIsTooLongIsRefusedEverywhereWithItsBytes(String name) {
        assertNoName(name, "has 39 bytes at most with its slash: bytes=%d: name='%s'"
                .formatted(name.getBytes(UTF_8).length, name));
    }

    private static void assertNoName(String name, String rule) {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> ZipcSender.open(name, SLOTS, LENGTH),
                () -> ZipcReceiver.open(name, SLOTS, LENGTH), () -> Zipc.unlink(name),
                () -> Zipc.shmPath(name))) {
            assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the name of a zipc queue " + rule);
        }
    }

    @Test
    void sizesOfOneByteAreWrittenAsOne() {
        try (ZipcSender sender = ZipcSender.open(queue.name(), 2, 1)) {
            assertThat(sender).hasToString(
                    "sender of zipc queue %s of 2 slots of 1 byte".formatted(queue.name()));
        }
    }

    @Test
    void longestNameIsUsed() {
        String name = "/%s".formatted("n".repeat(38));
        Zipc.unlink(name);
        try (ZipcSender sender = ZipcSender.open(name, SLOTS, LENGTH)) {
            assertThat(sender.name()).isEqualTo(name);
            assertThat(Zipc.shmPath(name)).exists();
        } finally {
            Zipc.unlink(name);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,100,queueSize=1", "0,100,queueSize=0", "-8,100,queueSize=-8",
        "8,0,messageSize=0", "8,-1,messageSize=-1"})
    void sizeThatIsNoneIsRefusedEverywhere(int slots, int length, String given) {
        String said = (slots < 2 ? " has at least 2 slots, one of which stays free: "
                : " has slots of at least 1 byte: ") + given;
        String named = "zipc queue " + queue.name() + said;
        assertNoSize(named, () -> ZipcSender.open(queue.name(), slots, length));
        assertNoSize(named, () -> ZipcReceiver.open(queue.name(), slots, length));
        assertNoSize(named, () -> ZipcSender.over(MemorySegment.NULL, queue.name(), slots, length,
                1));
        assertNoSize("a zipc queue" + said, () -> Zipc.sharedMemorySize(slots, length));
        assertThat(path).doesNotExist();
    }

    private static void assertNoSize(String said,
            ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(said);
    }

    @Test
    void largestSizesAreNoOverflow() {
        assertThat(Zipc.sharedMemorySize(Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isEqualTo(4_611_686_031_312_289_920L);
        assertThatThrownBy(
                () -> ZipcSender.open(queue.name(), Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isInstanceOf(ResourceExhausted.class)
                .hasMessageContaining(("zipc queue %s cannot be opened: 2147483647 slots of"
                        + " 2147483647 bytes take 4611686031312289920 bytes: ")
                        .formatted(queue.name()))
                .hasMessageEndingWith(", or open the queue with smaller sizes");
        assertThat(path).doesNotExist();
    }

    @Test
    void sideThatCannotMakeTheFileTakesNoneAwayFromTheOthers() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Waits<Void> failing = Waits.run(() -> {
            while (!isOver.get()) { // more than any machine has, or longer than the file there
                assertThatThrownBy(() -> ZipcSender.open(queue.name(), Integer.MAX_VALUE,
                        Integer.MAX_VALUE))
                        .isInstanceOfAny(ResourceExhausted.class, HandshakeFailed.class);
            }
        });
        try {
            for (int round = 0; round < 2000; round++) {
                Zipc.unlink(queue.name());
                try (ZipcSender sender = sender(); ZipcReceiver receiver = receiver()) {
                    assertThat(sender.send(new byte[5])).isTrue();
                    assertThat(receiver.receive(new byte[LENGTH])).as("round %d", round)
                            .isEqualTo(5);
                }
            }
        } finally {
            isOver.set(true);
        }
        assertThat(failing.value()).isNull();
    }

    /// The file has the right length but is full of holes: its pages are allocated as for a new
    /// file.
    @Test
    void fileOfMoreHolesThanThereIsMemoryIsRefusedBeforeItIsFilled() throws Exception {
        make(Zipc.sharedMemorySize(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThatThrownBy(
                () -> ZipcSender.open(queue.name(), Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isInstanceOf(ResourceExhausted.class).hasMessageContaining("available=");
    }

    @Test
    void manyThreadsThatMakeOneQueueAtOnceAllGetIt() throws Exception {
        for (int round = 0; round < 50; round++) {
            Zipc.unlink(queue.name());
            List<Waits<ZipcEnd>> opening = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean isSender = i == 0;
                opening.add(Waits.in(() -> isSender ? sender() : receiver()));
            }
            List<ZipcEnd> ends = new ArrayList<>();
            for (Waits<ZipcEnd> each : opening) {
                ends.add(each.value());
            }
            assertThat(((ZipcSender) ends.getFirst()).send(new byte[5])).isTrue();
            assertThat(((ZipcReceiver) ends.getLast()).receive(new byte[LENGTH])).isEqualTo(5);
            ends.forEach(ZipcEnd::close);
        }
    }

    @Test
    void forgottenReceiverIsClosedAndSaidInTheLog() throws Exception {
        try (CaughtLog log = CaughtLog.listen()) {
            forget();
            Awaitility.await().atMost(Children.PATIENCE).untilAsserted(() -> {
                System.gc();
                assertThat(mappings()).isEmpty();
            });
            assertThat(log.lines()).anyMatch(line -> line.contains("forgotten without a close")
                    && line.contains("the receiver of zipc queue " + queue.name()));
        }
    }

    /// Forgets an end after a wait, which registers it for the JVM's exit.
    private void forget() throws InterruptedException {
        ZipcReceiver forgotten = receiver();
        assertThat(forgotten.receive(Duration.ofMillis(1))).isNull();
        assertThat(Objects.toString(forgotten)).contains("8 slots of 100 bytes");
    }
}
