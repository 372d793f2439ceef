package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The turn to read a Unix socket: of the thread that receives, of another one, and of the loop.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixReceiveTest {

    private static final int MESSAGES = 20_000;
    private static final String STOP = "stop";

    @RegisterExtension
    final Children children = new Children();

    /// Lets a platform thread of the parent read the socket from now on.
    private static void readByThread(UnixTalk<String, String> talk) throws Exception {
        Waits<String> receive = Waits.in(talk.parent()::receive).asleep();
        talk.other().send("first");
        assertThat(receive.value()).isEqualTo("first");
    }

    @Test
    void threadThatReceivesReadsTheSocketWithoutTheLoop() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            UnixTalk.whileTheLoopIsHeld(() -> {
                Waits<String> receive = Waits.in(talk.parent()::receive).asleep();
                talk.other().send("hello");
                assertThat(receive.value()).isEqualTo("hello");

                talk.other().send("again");
                assertThat(talk.parent().tryReceive()).isEqualTo("again");
                talk.other().send("and again");
                assertThat(talk.parent().receive(Duration.ZERO)).isEqualTo("and again");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void threadThatLeavesLetsTheNextOneRead(boolean isNextVirtual) throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            Waits<String> first = Waits.in(talk.parent()::receive).asleep();
            Waits<String> next = Waits.in(isNextVirtual, talk.parent()::receive).asleep();
            first.thread().interrupt();
            first.failure().isInstanceOf(InterruptedException.class);

            talk.other().send("hello");

            assertThat(next.value()).isEqualTo("hello");
        }
    }

    @Test
    void virtualThreadReceivesAfterAPlatformThread() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            readByThread(talk);
            Waits<String> receive = Waits.inVirtualThread(talk.parent()::receive).asleep();
            talk.other().send("second");
            assertThat(receive.value()).isEqualTo("second");
            readByThread(talk);
        }
    }

    @Test
    void eachMessageComesOnceToThreadsOfBothKindsThatWaitForMomentsAtTheSameTime()
            throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();
            List<Waits<Void>> receivers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                receivers.add(Waits.in(i % 2 == 0, () -> receiveUntilStop(talk, all)));
            }
            for (int i = 0; i < MESSAGES; i++) {
                talk.other().send(Integer.toString(i));
            }
            for (int i = 0; i < receivers.size(); i++) {
                talk.other().send(STOP);
            }
            for (Waits<Void> receiver : receivers) {
                receiver.value();
            }
            assertThat(all.stream().mapToInt(Integer::parseInt).sorted())
                    .hasSize(MESSAGES).doesNotHaveDuplicates();
        }
    }

    private static Void receiveUntilStop(UnixTalk<String, String> talk,
            ConcurrentLinkedQueue<String> all) throws InterruptedException {
        while (true) {
            try {
                String message = talk.parent().receive(Duration.ofNanos(50_000));
                if (message.equals(STOP)) {
                    return null;
                }
                all.add(message);
            } catch (TimedOut _) {
                // The next attempt may find one.
            }
        }
    }

    @Test
    void whatComesIsReadWhileBothSidesWaitForRoom() throws Exception {
        int beyondTheSockets = 1_000;
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            readByThread(talk);
            String message = "x".repeat(1_000);
            Waits<Void> other = Waits.run(
                    () -> sendAndReceive(talk.other(), message, beyondTheSockets));
            sendAndReceive(talk.parent(), message, beyondTheSockets);
            other.value();
        }
    }

    private static void sendAndReceive(Link<String, String> link, String message, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            link.send(message);
        }
        for (int i = 0; i < count; i++) {
            assertThat(link.receive()).isEqualTo(message);
        }
    }

    @Test
    void endOfTheOtherSideIsSeenThoughNoThreadReceives() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            readByThread(talk);
            Waits<Void> gone = Waits.run(() -> {
                CountDownLatch seen = new CountDownLatch(1);
                talk.parent().onDisconnect(seen::countDown);
                seen.await();
            });
            talk.other().send("unread");
            talk.other().close();
            gone.value();
            assertThat(talk.parent().receive()).isEqualTo("unread");
            Waits.in(talk.parent()::receive).failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("has closed the channel");
        }
    }

    @Test
    void exitOfTheChildEndsASleepOnASocketThatAnotherProcessKeepsOpen() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            readByThread(talk);
            Waits<String> receive = Waits.in(talk.parent()::receive).asleep();
            talk.child().kill();
            receive.failure().isInstanceOf(Disconnected.class)
                    .hasMessageContaining("exit=137 (SIGKILL)");
        }
    }
}
