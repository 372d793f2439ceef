package dev.ipcchannel.testing.children;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.zipc.Zipc;
import dev.ipcchannel.zipc.ZipcMessage;
import dev.ipcchannel.zipc.ZipcReceiver;
import dev.ipcchannel.zipc.ZipcSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A process that prints how many bytes a thread has allocated in the heap while it sent messages
/// to another thread and waited for each answer.
public final class ZipcHeapChild {

    private static final int SLOTS = 4;
    private static final int LENGTH = 64;
    private static final int ROUNDS = 500;
    private static final int LAST = 1; // the length of the message that ends it
    private static final byte[] MESSAGE = new byte[LENGTH];
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final MemorySegment there = memory();
    private final MemorySegment back = memory();

    private ZipcHeapChild() {}

    private static MemorySegment memory() {
        return Arena.global().allocate(Zipc.sharedMemorySize(SLOTS, LENGTH), Long.BYTES);
    }

    /// Prints the bytes of the second half: the first includes what is needed once.
    public static void main(String[] arguments) throws Exception {
        new ZipcHeapChild().run();
    }

    private void run() throws Exception {
        Thread answering = Thread.ofPlatform().start(this::answer);
        try (ZipcSender sender = ZipcSender.over(there, "/there", SLOTS, LENGTH, 1);
                ZipcReceiver receiver = ZipcReceiver.over(back, "/back", SLOTS, LENGTH, 2)) {
            exchange(sender, receiver);
            long before = threads.getCurrentThreadAllocatedBytes();
            exchange(sender, receiver);
            System.out.println(threads.getCurrentThreadAllocatedBytes() - before);
            boolean _ = sender.send(new byte[LAST]);
            answering.join();
        }
    }

    private static void exchange(ZipcSender sender, ZipcReceiver receiver)
            throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            if (receiver.receive(MOMENT) != null) { // sleeps until its time is over
                throw new IllegalStateException("a message that was not sent");
            }
            if (!sender.send(MESSAGE) || length(receiver.receive(PATIENCE)) != LENGTH) {
                throw new IllegalStateException("message %d did not come back".formatted(i));
            }
        }
    }

    private static long length(@Nullable ZipcMessage message) {
        return message == null ? -1 : message.segment().byteSize();
    }

    private void answer() {
        try (ZipcReceiver receiver = ZipcReceiver.over(there, "/there", SLOTS, LENGTH, 3);
                ZipcSender sender = ZipcSender.over(back, "/back", SLOTS, LENGTH, 4)) {
            while (length(receiver.receive(PATIENCE)) == LENGTH) {
                boolean _ = sender.send(MESSAGE);
            }
        } catch (InterruptedException _) {
            Runtime.getRuntime().halt(9); // nothing interrupts it
        }
    }
}
