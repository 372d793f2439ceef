package dev.ipcchannel.internal.codec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.internal.codec.Samples.Order;
import dev.ipcchannel.internal.codec.Samples.Tree;
import dev.ipcchannel.internal.value.CodecException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random bytes: for any of them a plan gives a value or a [CodecException], and takes no more
/// memory than so many bytes can be worth.
@Timeout(60)
class FuzzTest {

    private static final long SEED = 20261121;
    private static final long NANOS_A_FORMAT = SECONDS.toNanos(1);
    // An empty list is a byte on the way, and 24 and its 64 places when it is read.
    private static final long MOST_BYTES_EACH = 400;
    private static final long MOST_BYTES_FIXED = 64 * 1024; // the exception, and what JSON needs

    private final ThreadMXBean threads =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private int values;
    private int failures;

    @ParameterizedTest
    @EnumSource
    void bytesGiveAValueOrACodecExceptionAndTakeBoundedMemory(Format format) {
        var random = new Random(SEED);
        Tree tree = new Tree("ä", List.of(new Tree("b", List.of()), new Tree("", List.of())));
        TypePlan<Order> orders = format.plan(Order.class);
        TypePlan<Tree> trees = format.plan(Tree.class);
        byte[] order = Format.encode(orders, Samples.ORDER);
        byte[] small = Format.encode(trees, tree);
        long end = System.nanoTime() + NANOS_A_FORMAT;
        for (int round = 0; System.nanoTime() - end < 0; round++) {
            try {
                check(orders, mutate(order, random));
                check(trees, mutate(small, random));
            } catch (Throwable failure) {
                throw new AssertionError("format=%s, seed=%d, round=%d".formatted(format, SEED,
                        round), failure);
            }
        }
        assertThat(values).isPositive();
        assertThat(failures).isPositive();
    }

    /// The memory of a class's first use is not the message's: bytes that take too much are decoded
    /// once more.
    private void check(TypePlan<?> plan, byte[] bytes) {
        long most = MOST_BYTES_FIXED + MOST_BYTES_EACH * bytes.length;
        if (allocatedBy(plan, bytes) >= most) {
            assertThat(allocatedBy(plan, bytes)).isLessThan(most);
        }
    }

    private long allocatedBy(TypePlan<?> plan, byte[] bytes) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            plan.decode(new ByteSource(bytes, 0, bytes.length));
            values++;
        } catch (CodecException failure) {
            assertThat(failure.getMessage()).isNotEmpty();
            failures++;
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] mutate(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) 0xFF;
                case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 4 -> System.arraycopy(valid, 0, bytes, at,
                        Math.min(valid.length, bytes.length - at));
                default -> random.nextBytes(bytes);
            }
        }
        return bytes;
    }
}
