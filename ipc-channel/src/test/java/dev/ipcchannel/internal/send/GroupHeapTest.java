package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A comparison of heap use: a message to many asks the heap for no more than one message to each
/// of the receivers.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupHeapTest extends GroupCase {

    private static final int NUMBERED = 24;
    private static final int SLICES = 8;
    private static final int STREAM = 200_000;
    private static final int BATCHES = 100;
    private static final int BATCH = 5; // messages, for which there is room
    private static final long A_BYTE_A_MESSAGE = BATCHES * BATCH; // what the JVM needs once is less

    /// A way of sending.
    enum Verb {
        SEND {
            @Override
            void send(Outgoing way, OutgoingMessage message) throws InterruptedException {
                boolean _ = way.send(message, Deadline.NEVER);
            }
        },
        TRY_SEND {
            @Override
            void send(Outgoing way, OutgoingMessage message) {
                Outgoing.Offer _ = way.trySend(message);
            }
        },
        CLAIM {
            @Override
            void send(Outgoing way, OutgoingMessage message) throws InterruptedException {
                long _ = way.claim(message.length(), Deadline.NEVER);
                way.commit();
            }
        };

        abstract void send(Outgoing way, OutgoingMessage message) throws InterruptedException;
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @CsvSource({"SEND,1", "SEND,3", "TRY_SEND,1", "TRY_SEND,3", "CLAIM,1", "CLAIM,3"})
    void shortMessageAsksTheHeapForNothing(Verb verb, int receivers) throws Exception {
        List<Recipient> _ = joined(receivers);

        assertThat(allocated(group.way(), verb, SHORT, recipients, A_BYTE_A_MESSAGE))
                .isLessThan(A_BYTE_A_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"SEND,1,WAIT", "SEND,3,WAIT", "TRY_SEND,3,WAIT", "SEND,1,DROP_NEWEST",
        "SEND,3,DROP_NEWEST", "TRY_SEND,3,DROP_OLDEST"})
    void numberedMessageAsksTheHeapForNothing(Verb verb, int receivers, Slow rule)
            throws Exception {
        group = Group.numbered(Recipient.SETTINGS, Unreceived.KEEP, rule, 1, "",
                new AtomicLong());
        List<Recipient> _ = joined(receivers);

        assertThat(allocated(group.way(), verb, NUMBERED, recipients, A_BYTE_A_MESSAGE))
                .isLessThan(A_BYTE_A_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"SEND,1", "SEND,3", "CLAIM,1", "CLAIM,3"})
    void longMessageAsksTheHeapForWhatItsLanesDo(Verb verb, int receivers) throws Exception {
        Recipient bare = Recipient.open();
        long ofOne = allocated(bare.share(), verb, LONG, List.of(bare), Long.MAX_VALUE);
        bare.closeAll();
        List<Recipient> _ = joined(receivers);
        long bound = receivers * ofOne + A_BYTE_A_MESSAGE;

        assertThat(allocated(group.way(), verb, LONG, recipients, bound)).isLessThan(bound);
    }

    /// The sender waits for room in each round of the ring; 0 receivers stand for a sender without
    /// a group.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void streamThatFillsItsRingAsksTheHeapForNothing(int receivers) throws Exception {
        List<Recipient> _ = joined(Math.max(1, receivers));
        Outgoing way = receivers == 0 ? recipients.getFirst().share() : group.way();
        OutgoingMessage message = OutgoingMessage.of(message(0, SHORT), List.of());

        assertThat(leastOf(() -> allocatedByStream(way, message), STREAM / 1000))
                .isLessThan(STREAM / 1000);
        assertThat(recipients.getFirst().share().counters().wakeUps()).as("waits")
                .isGreaterThan(1);
    }

    private long allocatedByStream(Outgoing way, OutgoingMessage message)
            throws InterruptedException {
        List<Waits<Void>> readers = new ArrayList<>();
        for (Recipient one : recipients) {
            readers.add(Waits.run(() -> one.skip(STREAM)));
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < STREAM; i++) {
            Verb.SEND.send(way, message);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        for (Waits<Void> reader : readers) {
            reader.value();
        }
        return allocated;
    }

    /// The bytes of the messages alone, in the slice that the JVM itself disturbed least.
    private long allocated(Outgoing way, Verb verb, int length, List<Recipient> all, long bound)
            throws InterruptedException {
        return leastOf(() -> allocatedInSlice(way, verb, length, all), bound);
    }

    private interface Slice {

        long allocated() throws InterruptedException;
    }

    /// Some slices, and then more as long as none is below its bound: code that is not compiled yet
    /// asks the heap for objects that vanish once it is compiled, and on a busy machine that takes
    /// its time.
    private static long leastOf(Slice slice, long bound) throws InterruptedException {
        Deadline patience = Deadline.after(Children.PATIENCE);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < SLICES || (least >= bound && !patience.isPast()); i++) {
            least = Math.min(least, slice.allocated());
        }
        return least;
    }

    /// The messages are received between the measurements.
    private long allocatedInSlice(Outgoing way, Verb verb, int length, List<Recipient> all)
            throws InterruptedException {
        OutgoingMessage message = OutgoingMessage.of(message(0, length), List.of());
        long allocated = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BATCH; i++) {
                verb.send(way, message);
            }
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
            for (Recipient one : all) {
                one.skip(BATCH);
            }
        }
        return allocated;
    }
}
