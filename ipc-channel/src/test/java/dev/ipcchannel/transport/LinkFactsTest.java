package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.ChildProcess;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The facts that a link gives of itself and of its end, over any transport.
@Timeout(60)
class LinkFactsTest {

    /// The kind of a link.
    enum Kind {
        DUPLEX, OWNED_DUPLEX, UNIX, OWNED_UNIX, CHILD
    }

    private final ChildProcess cat = UnixTalk.startCat();

    @AfterEach
    void endProcess() {
        cat.kill();
    }

    private record Sides(Link<String, String> near, Link<String, String> far)
            implements AutoCloseable {

        @Override
        public void close() {
            near.close();
            far.close();
        }
    }

    private Sides open(Kind kind) throws InterruptedException {
        if (kind == Kind.DUPLEX || kind == Kind.OWNED_DUPLEX) {
            Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
            return new Sides(kind == Kind.DUPLEX ? pair.near() : pair.near().ownedBy("a test"),
                    pair.far());
        }
        UnixTalk<String, String> talk = UnixTalk.of(cat);
        return new Sides(switch (kind) {
            case UNIX -> talk.parent();
            case OWNED_UNIX -> talk.parent().ownedBy("a test");
            default -> new ChildLink<>(cat, talk.parent());
        }, talk.other());
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheOtherSideIsNotifiedOnce(Kind kind) throws Exception {
        try (Sides sides = open(kind)) {
            AtomicInteger notified = new AtomicInteger();
            CountDownLatch late = new CountDownLatch(1);
            sides.near().onDisconnect(notified::incrementAndGet);
            sides.far().close();
            await().atMost(Children.PATIENCE).until(() -> notified.get() == 1);
            sides.near().onDisconnect(late::countDown);
            late.await();
            assertThat(notified).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ownCloseIsNotNotifiedAndNothingIsTakenAfterIt(Kind kind) throws Exception {
        AtomicInteger notified = new AtomicInteger();
        try (Sides sides = open(kind)) {
            CountDownLatch other = new CountDownLatch(1);
            sides.near().onDisconnect(notified::incrementAndGet);
            sides.far().onDisconnect(other::countDown);
            sides.near().close();
            other.await();
            assertThatThrownBy(() -> sides.near().onDisconnect(() -> {}))
                    .isInstanceOf(EndClosed.class);
        }
        assertThat(notified).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void messagesAreCountedBothWays(Kind kind) throws Exception {
        try (Sides sides = open(kind)) {
            sides.near().send("down");
            assertThat(sides.far().receive()).isEqualTo("down");
            sides.far().send("up");
            assertThat(sides.near().receive()).isEqualTo("up");
            assertThat(sides.near().tryReceive()).isNull();

            assertThat(sides.near().outStats()).extracting(EndStats::messages, EndStats::bytes)
                    .containsExactly(1L, sides.far().inStats().bytes());
            assertThat(sides.near().inStats()).extracting(EndStats::messages, EndStats::bytes)
                    .containsExactly(1L, sides.far().outStats().bytes());
            assertThat(sides.near().outStats().descriptors()).isPositive();
            assertThat(sides.near().maxMessage()).isEqualTo(1 << 30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeThatIsWaitedIsCounted(Kind kind) throws Exception {
        try (Sides sides = open(kind)) {
            Duration time = Duration.ofMillis(20);
            assertThatThrownBy(() -> sides.near().receive(time)).isInstanceOf(TimedOut.class);
            assertThat(sides.near().inStats().blocked()).isGreaterThan(time.dividedBy(2));
            assertThat(sides.near().inStats().messages()).isZero();
        }
    }

    @Test
    void endIsNotifiedThoughNothingMoreCanBeReadBeforeIt() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.of(cat)) {
            int sent = UnixTalk.fill(talk);
            CountDownLatch notified = new CountDownLatch(1);
            talk.other().onDisconnect(notified::countDown);
            talk.parent().close();
            for (int i = 0; i < sent / 2; i++) { // the close comes after these
                assertThat(talk.other().receive()).hasSizeGreaterThan(1000);
            }
            notified.await();
            assertThat(talk.other().receive()).hasSizeGreaterThan(1000);
        }
    }

    @Test
    void waitForRoomIsCounted() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.of(cat)) {
            int sent = UnixTalk.fill(talk);
            Duration time = Duration.ofMillis(20);
            assertThatThrownBy(() -> talk.parent().send("x".repeat(100_000), time))
                    .isInstanceOf(TimedOut.class);
            assertThat(talk.parent().outStats().blocked()).isGreaterThan(time.dividedBy(2));
            assertThat(talk.parent().outStats().messages()).isEqualTo(sent);
        }
    }
}
