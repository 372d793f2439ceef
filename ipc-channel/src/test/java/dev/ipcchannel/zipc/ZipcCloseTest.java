package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.testing.FutexSleep;
import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Closes of an end while a thread uses it: the thread's result, and the state afterwards.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcCloseTest {

    private static final int SLOTS = 1000;
    private static final int LENGTH = 100;
    private static final int MANY = 2000;
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();

    private final Path path = Zipc.shmPath(queue.name());

    private ZipcSender sender() {
        return ZipcSender.open(queue.name(), SLOTS, LENGTH);
    }

    private ZipcReceiver receiver() {
        return ZipcReceiver.open(queue.name(), SLOTS, LENGTH);
    }

    private List<String> mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(path.toString())).toList();
        }
    }

    /// Spins for a time, so that the other thread is met at any place.
    private static void pass(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closeWhileItSendsIsAnEndClosed() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] message = new byte[1];
        try (ZipcReceiver receiver = receiver()) {
            for (int i = 0; i < MANY; i++) {
                ZipcSender sender = sender();
                Waits<Void> sending = Waits.run(() -> {
                    while (true) {
                        boolean _ = sender.send(message);
                    }
                });
                pass(random.nextInt(100_000));
                sender.close();
                sending.failure().as("seed %d", seed).isInstanceOf(EndClosed.class);
                while (receiver.receive() != null) {
                    // until there is room again
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closedWaitLeavesNoCountOfWaiters(boolean isVirtual) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (ZipcSender sender = sender()) {
            for (int i = 0; i < MANY; i++) {
                ZipcReceiver receiver = receiver();
                Waits<ZipcMessage> waits = Waits.in(isVirtual, () -> receiver.receive(FOR_EVER));
                pass(random.nextInt(100_000));
                receiver.close();
                waits.failure().isInstanceOf(EndClosed.class); // even if late
                assertThat(sender.sharedMemory().get(JAVA_INT, QueueLayout.WAITERS))
                        .as("seed %d", seed).isZero();
            }
        }
    }

    /// The state of a thread that has stored the tail and finds no memory for its wake.
    @Test
    void closeBetweenAMessageAndItsWakeWakesTheReceiver() throws Exception {
        OpenQueue sending = OpenQueue.open(queue.name(), SLOTS, LENGTH, ZipcOptions.defaults());
        sending.queue().initialize();
        try (ZipcReceiver receiver = receiver()) {
            Waits<Integer> waits = Waits.in(() -> receiver.receive(new byte[LENGTH], FOR_EVER));
            FutexSleep.await(receiver.sharedMemory().address() + QueueLayout.TAIL);
            sending.queue().memory().set(JAVA_INT, QueueLayout.TAIL, 1);
            sending.close();
            assertThat(waits.value()).isZero();
        }
    }

    /// Their waits are over, but no carrier is free to run them. There are so many that closes of
    /// some seconds each would exceed the time limit.
    @Test
    void closesDoNotWaitForReceiversWithoutAProcessorWhichUnmapTheFileThemselves()
            throws Exception {
        List<ZipcReceiver> receivers = Stream.generate(this::receiver).limit(20).toList();
        List<Waits<ZipcMessage>> waits = new ArrayList<>();
        for (ZipcReceiver receiver : receivers) {
            waits.add(Waits.inVirtualThread(() -> receiver.receive(FOR_EVER)));
            FutexSleep.await(receiver.sharedMemory().address() + QueueLayout.TAIL);
        }
        AtomicBoolean isOver = new AtomicBoolean();
        try {
            occupyCarriers(isOver);
            assertThat(Waits.run(() -> receivers.forEach(ZipcReceiver::close)).value()).isNull();
            assertThat(mappings()).hasSize(receivers.size());
        } finally {
            isOver.set(true);
        }
        for (Waits<ZipcMessage> each : waits) {
            each.failure().isInstanceOf(EndClosed.class);
        }
        assertThat(mappings()).isEmpty();
    }

    /// Blocks each carrier by a virtual thread.
    private static void occupyCarriers(AtomicBoolean isOver) throws InterruptedException {
        int carriers = Integer.getInteger("jdk.virtualThreadScheduler.parallelism",
                Runtime.getRuntime().availableProcessors());
        CountDownLatch occupied = new CountDownLatch(carriers);
        for (int i = 0; i < carriers; i++) {
            Thread _ = Thread.startVirtualThread(() -> {
                occupied.countDown();
                while (!isOver.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        occupied.await();
    }

    @Test
    void interruptStaysOneWhereTheMemoryIsGoneAfterTheWait() throws Exception {
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(Zipc.sharedMemorySize(SLOTS, LENGTH), 8);
        try (ZipcReceiver receiver = ZipcReceiver.over(memory, "/q", SLOTS, LENGTH, 1)) {
            Waits<Boolean> waits = Waits.in(() -> {
                assertThatThrownBy(() -> receiver.receive(FOR_EVER))
                        .isInstanceOf(EndClosed.class);
                return Thread.currentThread().isInterrupted();
            });
            FutexSleep.await(memory.address() + QueueLayout.TAIL);
            arena.close();
            waits.thread().interrupt();
            assertThat(waits.value()).isTrue();
        }
    }

    @Test
    void closeIsRefusedWhileNativeCodeHasTheMemoryAndDoneByTheNext() throws Exception {
        ZipcReceiver receiver = receiver();
        Pipe pipe = Pipe.open();
        Waits<Void> writing;
        try (Pipe.SourceChannel source = pipe.source()) {
            ByteBuffer memory = receiver.sharedMemory().asByteBuffer(); // more than a pipe takes
            writing = Waits.run(() -> {
                while (memory.hasRemaining()) {
                    int _ = pipe.sink().write(memory);
                }
            });
            assertThat(source.read(ByteBuffer.allocate(1))).isEqualTo(1); // it is in the call

            assertThatThrownBy(receiver::close).isInstanceOf(IllegalStateException.class);
            assertThat(mappings()).hasSize(1);
            assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class);
        }
        writing.failure().isInstanceOf(IOException.class); // nothing reads it any more
        pipe.sink().close();
        receiver.close();
        assertThat(mappings()).isEmpty();
        receiver.close();
    }

    @Test
    void fileThatIsCutUnderASleeperIsUnmappedWhenItComesOut() throws Exception {
        ZipcReceiver receiver = receiver();
        Waits<ZipcMessage> waits = Waits.in(() -> receiver.receive(Duration.ofMillis(500)));
        FutexSleep.await(receiver.sharedMemory().address() + QueueLayout.TAIL);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        receiver.close();
        waits.failure().isInstanceOf(IpcException.class);
        assertThat(mappings()).isEmpty();
    }

    @Test
    void endThatCannotBeMadeLeavesNoMapping() throws Exception {
        OpenQueue opened = OpenQueue.open(queue.name(), SLOTS, LENGTH, ZipcOptions.defaults());
        OutOfMemoryError failure = new OutOfMemoryError("as a test has it");
        assertThatThrownBy(() -> opened.end(() -> {
            throw failure;
        })).isSameAs(failure);
        assertThat(mappings()).isEmpty();
    }
}
