package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The folder of a name: it has the living members, exists as long as one of them lives, and of two
/// newcomers at least one sees the other.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NameFolderTest {

    private static final Deadline PATIENCE = Deadline.NEVER;

    @TempDir
    private Path folder = Path.of("");

    private RuntimeDirectory directory = new RuntimeDirectory(folder, "a test");

    @BeforeEach
    void folderIsOurs() throws Exception {
        Path _ = Files.setPosixFilePermissions(folder,
                PosixFilePermissions.fromString("rwx------"));
        directory = new RuntimeDirectory(folder, "a test");
    }

    private NameFolder words() {
        return NameFolder.of(directory, NameKind.CHANNEL, "words");
    }

    private static OwnEntry register(NameFolder name) throws InterruptedException {
        try (NameLock lock = name.lock(PATIENCE)) {
            return lock.register(NameLock.newId(), EntryTest.entry("words", "receiver"));
        }
    }

    private static List<Found> scan(NameFolder name) throws InterruptedException {
        try (NameLock lock = name.lock(PATIENCE)) {
            return lock.scan();
        }
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void memberIsFoundAsLongAsItIsThere() throws Exception {
        try (OwnEntry own = register(words())) {
            assertThat(own.isThere()).isTrue();
            List<Found> found = scan(words());
            assertThat(found).extracting(Found::entry).containsExactly(
                    EntryTest.entry("words", "receiver").in(found.getFirst().id()));
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void kindsHaveNamesOfTheirOwn() throws Exception {
        try (OwnEntry _ = register(words())) {
            NameFolder service = NameFolder.of(directory, NameKind.SERVICE, "words");
            assertThat(scan(service)).isEmpty();
            service.sweep();
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void whatADeadMemberHasLeftIsSwept() throws Exception {
        try (OwnEntry _ = register(words())) {
            Path of = left().getFirst();
            Path _ = Files.writeString(of.resolve("0123456789abcdef"),
                    EntryTest.entry("words", "receiver").toText());
            Path _ = Files.writeString(of.resolve("1123456789abcdef"), "ipc-channel name 2\n");
            Sockets.listen(of.resolve("0123456789abcdef.s").toString()).close();
            Path _ = Files.createFile(of.resolve(".fedcba9876543210"));
            Path _ = Files.writeString(of.resolve(".edcba9876543210f"), "ipc-channel na");
            Path _ = Files.writeString(of.resolve(".dcba9876543210fe"),
                    "ipc-channel name 1\nkind chan");

            assertThat(scan(words())).hasSize(1);

            try (Stream<Path> files = Files.list(of)) {
                assertThat(files).as("the member").hasSize(1);
            }
        }
    }

    @Test
    void entryOfAnotherVersionIsFoundAsOne() throws Exception {
        try (OwnEntry _ = register(words()); NameLock lock = words().lock(PATIENCE)) {
            Path _ = Files.writeString(left().getFirst().resolve(lock.scan().getFirst().id()),
                    "ipc-channel name 2\n");

            assertThat(lock.scan()).extracting(Found::entry).containsOnlyNulls();
        }
    }

    @Test
    void nameThatIsHeldTooLongIsNamedWithItsHolder() throws Exception {
        try (NameLock _ = words().lock(PATIENCE)) {
            assertThatThrownBy(() -> words().lock(Deadline.after(Duration.ofMillis(5))))
                    .isInstanceOf(MeetingException.class).hasMessageContaining("name=words, pid="
                            + ProcessHandle.current().pid());
        }
    }

    @Test
    void ofNewcomersEachSeesThoseBeforeIt() throws Exception {
        int members = 32;
        CyclicBarrier start = new CyclicBarrier(members);
        Callable<Integer> opener = () -> {
            int _ = start.await();
            try (NameLock lock = words().lock(PATIENCE)) {
                OwnEntry _ = lock.register(NameLock.newId(), EntryTest.entry("words", "receiver"));
                return lock.scan().size();
            }
        };
        List<Future<Integer>> seen = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(members)) {
            for (int i = 0; i < members; i++) {
                seen.add(threads.submit(opener));
            }
        }
        assertThat(seen).extracting(Future::resultNow).doesNotHaveDuplicates();
        assertThat(scan(words())).hasSize(members);
    }

    /// One of them may hold the name, having seen the other, when the other looks.
    @Test
    void membersThatCloseAtOnceLeaveNoFolder() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 500; i++) {
                OwnEntry one = register(words());
                OwnEntry other = register(words());
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Void>> closed = threads.invokeAll(List.of(
                        () -> close(one, start), () -> close(other, start)));
                assertThat(closed).extracting(Future::resultNow).containsOnlyNulls();
                assertThat(left()).as("round %d", i).isEmpty();
            }
        }
    }

    private static Void close(OwnEntry own, CyclicBarrier start) throws Exception {
        int _ = start.await();
        own.close();
        return null;
    }

    /// The folder goes with its last member and comes with the next: neither removes the other's.
    @Test
    void openersAndClosersOfOneNameNeverMeetAFolderThatIsGone() throws Exception {
        int rounds = 300;
        Callable<Void> member = () -> {
            for (int i = 0; i < rounds; i++) {
                try (OwnEntry own = register(words())) {
                    assertThat(own.isThere()).isTrue();
                    assertThat(scan(words())).isNotEmpty();
                }
            }
            return null;
        };
        List<Future<Void>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                done.add(threads.submit(member));
            }
        }
        for (Future<Void> each : done) {
            Void _ = each.get();
        }
        words().sweep();
        assertThat(left()).isEmpty();
    }

    /// While members come and go, the name is not held by a single process that is stuck.
    @Test
    void waitForANameBeginsAgainWhileOthersRegister() throws Exception {
        NameLock held = words().lock(PATIENCE);
        OwnEntry first = held.register(NameLock.newId(), EntryTest.entry("words", "receiver"));
        Waits<NameLock> waits =
                Waits.in(() -> words().lock(Deadline.after(Duration.ofMillis(500))));
        waits.asleep();
        try (OwnEntry _ = held.register(NameLock.newId(), EntryTest.entry("words", "sender"))) {
            long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            while (System.nanoTime() < end) { // beyond its deadline, and not the next one
                assertThat(waits.result()).isNotDone();
            }
            held.close();
            waits.value().close();
        }
        first.close();
        words().sweep();
        assertThat(left()).isEmpty();
    }
}
