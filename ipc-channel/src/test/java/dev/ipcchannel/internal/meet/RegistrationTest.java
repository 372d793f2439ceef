package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An entry that is removed: it is made again, whatever fails meanwhile, and never for a closed
/// member.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RegistrationTest {

    @RegisterExtension
    final Children children = new Children();

    private Path directory = Path.of("");

    @BeforeEach
    void directoryIsOurs() throws Exception {
        directory = Files.createDirectory(children.directory().resolve("names"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        System.setProperty(RuntimeDirectory.PROPERTY, directory.toString());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        System.clearProperty(RuntimeDirectory.PROPERTY);
        until(() -> {
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        });
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "String", "String", "test", role);
    }

    private Path entry(Member member) {
        return NameFolder.of(new RuntimeDirectory(directory, "a test"), NameKind.CHANNEL, "words")
                .path().resolve(HexFormat.of().toHexDigits(member.number()));
    }

    /// A role that fails a given number of times where its counterparts are looked for, and counts
    /// the other times.
    private record FailingRole(PlainRole plain, AtomicInteger failures, AtomicInteger looks)
            implements Role {

        @Override
        public String counterpartWord() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("a failure of this test");
            }
            int _ = looks.incrementAndGet();
            return plain.counterpartWord();
        }

        @Override
        public String word() {
            return plain.word();
        }

        @Override
        public boolean offer(Counterpart counterpart, Transfer transfer) {
            return plain.offer(counterpart, transfer);
        }

        @Override
        public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
            return plain.takeUp(counterpart, offered);
        }

        @Override
        public void met(Counterpart counterpart) {
            plain.met(counterpart);
        }

        @Override
        public void disconnect(Counterpart counterpart) {
            plain.disconnect(counterpart);
        }
    }

    @Test
    void repairThatFailsIsTriedAgain() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        try (Member inside = open(new FailingRole(PlainRole.receiver(), failures, looks));
                Member _ = open(PlainRole.sender())) {
            for (int i = 0; i < 5; i++) {
                failures.set(3);
                int before = looks.get();
                Files.delete(entry(inside));
                // An entry of a repair that fails is there for a moment, too.
                until(() -> assertThat(looks).as("looks that went well")
                        .hasValueGreaterThan(before));
                assertThat(failures).as("failures left").hasValue(0);
                until(() -> assertThat(entry(inside)).exists());
            }
        }
    }

    @Test
    void openingSucceedsWhileSomethingRemovesTheDirectoryAgainAndAgain() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger removals = new AtomicInteger();
        Semaphore allowed = new Semaphore(0); // so many for an opening, however slow that is
        Waits<Void> removal = Waits.run(() -> {
            while (!isOver.get()) {
                if (!allowed.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                LockSupport.parkNanos(random.nextInt(1_000_000));
                Path away = children.directory().resolve("away");
                boolean isMoved = random.nextBoolean() && new File(directory.toString())
                        .renameTo(away.toFile());
                removeAll(isMoved ? away : directory);
                int _ = removals.incrementAndGet();
            }
        });
        try {
            for (int i = 0; i < 700 || removals.get() < 500; i++) {
                allowed.release(3);
                assertThatCode(() -> open(PlainRole.receiver()).close()).as("seed=%d", seed)
                        .doesNotThrowAnyException();
            }
        } finally {
            isOver.set(true);
            assertThat(removal.value()).isNull();
        }
        open(PlainRole.receiver()).close(); // so the directory is there
    }

    /// Removes what can be removed at this moment: others write there.
    private static void removeAll(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> {
                if (Files.isDirectory(file)) {
                    removeAll(file);
                } else {
                    boolean _ = file.toFile().delete();
                }
            });
        } catch (IOException | UncheckedIOException _) { // it has gone
        }
        boolean _ = folder.toFile().delete();
    }

    @Test
    void memberThatIsClosedWhileItsEntryIsMadeAgainLeavesNothing() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Member member = open(PlainRole.receiver());
            Files.delete(entry(member));
            LockSupport.parkNanos(random.nextInt(400_000));
            member.close();
            until(() -> {
                try (Stream<Path> files = Files.list(directory)) {
                    assertThat(files).as("seed=%d", seed).isEmpty();
                }
            });
        }
    }
}
