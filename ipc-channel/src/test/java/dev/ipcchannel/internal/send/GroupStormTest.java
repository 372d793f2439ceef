package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.end.Outgoing;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threads that send to many by all verbs, while receivers join, leave and close: receivers that
/// stay get exactly what was sent, in one order, and each of the others a piece of that, without a
/// hole.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupStormTest {

    private static final int SENDERS = 4;
    private static final int MESSAGES = 400; // a sender's tries
    private static final int LONG = 20_000; // in a file
    private static final ValueLayout.OfLong ID = ValueLayout.JAVA_LONG_UNALIGNED;

    @RegisterExtension
    final Children children = new Children();

    private final long seed = new Random().nextLong();
    private final Group group = new Group(Recipient.SETTINGS, Unreceived.WAIT);
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();

    /// A receiver at work until its end.
    private record Member(Ends ends, Waits<List<Long>> read) {}

    @Test
    void thoseThatStayGetAllAndOthersAPieceWithoutAHole() throws Exception {
        System.out.println("seed=" + seed);
        Random random = new Random(seed);
        List<Waits<Void>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(sender(i, random.nextLong())); // they wait for the first receiver together
        }
        List<Member> staying = List.of(member(), member());
        AtomicBoolean isOver = new AtomicBoolean();
        Waits<List<Member>> churn = Waits.in(() -> churn(new Random(random.nextLong()), isOver));
        for (Waits<Void> sender : senders) {
            sender.value();
        }
        isOver.set(true);
        List<Member> passing = churn.value();
        group.end("closed");

        List<Long> all = staying.getFirst().read.value();
        assertThat(new HashSet<>(all)).hasSameSizeAs(all).isEqualTo(sent);
        assertThat(all).endsWith(staying.getLast().read.value().toArray(Long[]::new));
        for (Member member : passing) {
            List<Long> piece = member.read.value();
            assertThat(Collections.indexOfSubList(all, piece)).as("of %s", piece)
                    .isNotNegative();
        }
        for (Member member : staying) {
            member.ends.close();
        }
    }

    private Member member() {
        Ends ends = Ends.open(Recipient.SETTINGS, null, Turn.inside(group.turn()));
        assertThat(group.join(ends.share())).isTrue();
        return new Member(ends, Waits.in(() -> readAll(ends)));
    }

    private List<Member> churn(Random random, AtomicBoolean isOver) throws Exception {
        List<Member> passing = new ArrayList<>();
        while (!isOver.get()) {
            Member member = member();
            passing.add(member);
            Thread.sleep(random.nextInt(20)); // of any length: it is a storm
            if (random.nextBoolean()) {
                group.leave(member.ends.share(), "left");
            } else {
                member.ends.inbox().close("closed by the test");
            }
            List<Long> _ = member.read.value();
            group.leave(member.ends.share(), "left");
            member.ends.close();
        }
        return passing;
    }

    private static List<Long> readAll(Ends ends) throws InterruptedException {
        List<Long> ids = new ArrayList<>();
        while (true) {
            try {
                ends.inbox().enter();
            } catch (LaneException closed) {
                return ids;
            }
            try {
                IncomingMessage found = ends.inbox().next(Deadline.NEVER);
                if (found != null) {
                    Descriptor.closeAll(found.takeDescriptors());
                    ids.add(found.view().get(ID, found.index()));
                    found.consume();
                }
            } catch (LaneException over) {
                assertThat(over.kind()).isIn(LaneException.Kind.DISCONNECTED,
                        LaneException.Kind.CLOSED);
                return ids;
            } finally {
                ends.inbox().exit();
            }
        }
    }

    private Waits<Void> sender(int number, long itsSeed) {
        return Waits.in(number % 2 == 0, () -> {
            Random random = new Random(itsSeed);
            for (int i = 0; i < MESSAGES; i++) {
                long id = (long) number << Integer.SIZE | i;
                int length = random.nextInt(8) == 0 ? LONG : Long.BYTES + random.nextInt(500);
                if (isSent(id, length, random)) {
                    sent.add(id);
                }
            }
            return null;
        });
    }

    private boolean isSent(long id, int length, Random random) throws InterruptedException {
        byte[] message = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder())
                .putLong(id).array();
        return switch (random.nextInt(5)) {
            case 0 -> group.way().trySend(OutgoingMessage.of(message, List.of()))
                    == Outgoing.Offer.SENT;
            case 1 -> group.way().send(OutgoingMessage.of(message, List.of()),
                    Deadline.after(Duration.ofNanos(random.nextInt(2_000_000))));
            case 2 -> isWritten(id, length, random);
            default -> group.way().send(OutgoingMessage.of(message, List.of()), Deadline.NEVER);
        };
    }

    private boolean isWritten(long id, int length, Random random) throws InterruptedException {
        long index = random.nextBoolean() ? group.way().tryClaim(length)
                : group.way().claim(length, Deadline.NEVER);
        if (index == RingWriter.FULL) {
            return false;
        }
        group.way().view().set(ID, index, id);
        if (random.nextInt(4) == 0) {
            group.way().abort();
            return false;
        }
        group.way().commit();
        return true;
    }
}
