package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The arrivals and departures that a user's actions see while one of the actions waits.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MembershipEventsTest {

    private static final int AT_ONCE = 100;
    private static final int ROUNDS = 30;

    @RegisterExtension
    final Children children = new Children();

    private final AtomicInteger lastNumber = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void namesAreOfThisTestAlone() {
        System.setProperty(RuntimeDirectory.PROPERTY,
                children.directory().resolve("names").toString());
    }

    @AfterEach
    void namesAreTheUsersAgain() {
        System.clearProperty(RuntimeDirectory.PROPERTY);
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    private static Member open() throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "", "", "test", PlainRole.receiver());
    }

    private List<Descriptor> come(Member member, int count) {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words");
        String socket = folder.socket("%016x".formatted(member.number())).toString();
        List<Descriptor> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Descriptor connection = Sockets.connect(socket, Deadline.NEVER);
            connections.add(connection);
            int number = lastNumber.incrementAndGet();
            Packet.Sending _ = Greeting.send(connection, Greeting.HELLO, number, number,
                    new Transfer());
        }
        until(() -> assertThat(member.counterparts()).hasSize(count));
        return connections;
    }

    private static void go(Member member, List<Descriptor> connections) {
        connections.forEach(Sockets::hangUp);
        until(() -> assertThat(member.counterparts()).isEmpty());
    }

    private void comeAndGoWhileAnActionWaits(Member member) {
        for (int i = 0; i < ROUNDS; i++) {
            go(member, come(member, AT_ONCE));
        }
        goOn.countDown();
    }

    private void awaitGoOn() {
        try {
            goOn.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void whatComesAndGoesUnseenWhileAnActionWaitsIsKeptUpToALimit() throws Exception {
        List<Long> joined = new CopyOnWriteArrayList<>();
        List<Long> left = new CopyOnWriteArrayList<>();
        try (Member member = open()) {
            member.onJoin(entry -> {
                awaitGoOn();
                joined.add(entry.pid());
            });
            member.onLeave(entry -> left.add(entry.pid()));

            comeAndGoWhileAnActionWaits(member);
            List<Descriptor> last = come(member, 1);
            long numberOfLast = lastNumber.get();
            until(() -> assertThat(joined).endsWith(numberOfLast));

            assertThat(left).hasSizeBetween(AT_ONCE, MembershipEvents.MAX_KEPT);
            go(member, last);
            until(() -> assertThat(left).containsExactlyInAnyOrderElementsOf(joined));
        }
    }

    /// Every member that was there when the action began is seen to go, however many there are.
    @Test
    void departuresAreKeptUpToALimitWhereNoActionWantsArrivals() throws Exception {
        List<Long> left = new CopyOnWriteArrayList<>();
        try (Member member = open()) {
            member.onLeave(entry -> {
                awaitGoOn();
                left.add(entry.pid());
            });
            go(member, come(member, AT_ONCE));
            comeAndGoWhileAnActionWaits(member);
            until(() -> assertThat(left.size()).isGreaterThanOrEqualTo(MembershipEvents.MAX_KEPT));

            List<Descriptor> last = come(member, 1);
            until(() -> assertThat(member.counterparts()).hasSize(1));
            long numberOfLast = lastNumber.get();
            go(member, last);
            until(() -> assertThat(left).endsWith(numberOfLast));

            assertThat(left).contains((long) AT_ONCE)
                    .hasSizeLessThanOrEqualTo(MembershipEvents.MAX_KEPT + AT_ONCE + 1);
        }
    }
}
