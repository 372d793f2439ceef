package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The promises of a link while both sides are there, over a Unix socket.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixLinkTest {

    private static final int MESSAGES = 5_000; // more than are kept unread
    private static final int LONG = 50 << 20;

    @RegisterExtension
    final Children children = new Children();

    record Carrying(Sender<String> end) {}

    private final UnixTransport transport = UnixTransport.INSTANCE;

    @Test
    void messagesComeInOrderInBothDirections() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            Waits<Void> echo = Waits.run(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    talk.other().send(talk.other().receive());
                }
            });
            Waits<Void> sender = Waits.run(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    talk.parent().send("message " + i);
                }
            });
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(talk.parent().receive()).isEqualTo("message " + i);
            }
            sender.value();
            echo.value();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manySendersKeepTheirOwnOrder(boolean isVirtual) throws Exception {
        int senders = 8;
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            List<Waits<Void>> all = new ArrayList<>();
            for (int id = 0; id < senders; id++) {
                String name = id + " ";
                all.add(Waits.in(isVirtual, () -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        talk.parent().send(name + i);
                    }
                    return null;
                }));
            }
            int[] next = new int[senders];
            for (int i = 0; i < senders * MESSAGES; i++) {
                String[] words = talk.other().receive(Children.PATIENCE).split(" ", -1);
                int id = Integer.parseInt(words[0]);
                assertThat(words[1]).isEqualTo(Integer.toString(next[id]));
                next[id]++;
            }
            for (Waits<Void> sender : all) {
                sender.value();
            }
        }
    }

    @Test
    void messagesOfAllLengthsArriveWhole() throws Exception {
        try (UnixTalk<byte[], byte[]> talk =
                UnixTalk.open(transport, byte[].class, byte[].class)) {
            for (int length : new int[]{0, 1, 65_530, 65_531, 65_536, 1 << 20, LONG}) {
                byte[] message = new byte[length];
                new Random(length).nextBytes(message);
                Waits<Void> send = Waits.run(() -> talk.parent().send(message));
                assertThat(talk.other().receive(Children.PATIENCE)).isEqualTo(message);
                send.value();
            }
        }
    }

    @Test
    void receiveWaitsNoLongerThanItsTimeout() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            assertThat(talk.parent().tryReceive()).isNull();
            assertThatThrownBy(() -> talk.parent().receive(Duration.ofMillis(5)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no message came to UnixLink[child=")
                    .hasMessageContaining("timeout=5 ms");
            talk.other().send("late");
            assertThat(talk.parent().receive(Children.PATIENCE)).isEqualTo("late");
        }
    }

    @Test
    void sendWaitsForRoomNoLongerThanItsTimeoutAndNothingIsLost() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            int sent = UnixTalk.fill(talk);
            assertThatThrownBy(() -> talk.parent().send("never", Duration.ofMillis(5)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("no room for a message in");
            assertThat(talk.parent().trySend("never")).isEqualTo(SendOutcome.FULL);

            UnixTalk.drain(talk, sent);

            talk.parent().send("room again", Children.PATIENCE);
            assertThat(talk.other().receive(Children.PATIENCE)).isEqualTo("room again");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptEndsAWaitForRoomAndNothingIsSent(boolean isVirtual) throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            int sent = UnixTalk.fill(talk);
            Waits<Void> send = Waits.in(isVirtual, () -> {
                talk.parent().send("never");
                return null;
            });
            send.asleep().thread().interrupt();
            send.failure().isInstanceOf(InterruptedException.class);

            UnixTalk.drain(talk, sent);

            assertThat(talk.other().tryReceive()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptEndsAReceiveAndNothingIsLost(boolean isVirtual) throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            Waits<String> receive = Waits.in(isVirtual, talk.parent()::receive);
            receive.asleep().thread().interrupt();
            receive.failure().isInstanceOf(InterruptedException.class);

            talk.other().send("after it");

            assertThat(talk.parent().receive()).isEqualTo("after it");
        }
    }

    @Test
    void interruptInTheMiddleOfALongMessageDoesNotCutItOff() throws Exception {
        try (UnixTalk<byte[], byte[]> talk =
                UnixTalk.open(transport, byte[].class, byte[].class)) {
            while (talk.parent().trySend(new byte[1 << 20]) == SendOutcome.SENT) {
                // until the last one is half in the socket
            }
            byte[] first = talk.other().receive(Children.PATIENCE);
            assertThat(first).hasSize(1 << 20);
            Waits<Boolean> send = Waits.in(() -> {
                talk.parent().send(new byte[LONG]);
                return Thread.interrupted();
            });
            send.asleep();
            byte[] received = first;
            while (received.length != LONG) { // it is sent between two of these
                send.thread().interrupt();
                if (send.result().isCompletedExceptionally()) {
                    return; // not sent yet
                }
                received = talk.other().receive(Children.PATIENCE);
            }
            assertThat(send.value()).isTrue();
        }
    }

    @Test
    void twoSidesThatSendLongMessagesAtOnceDoNotWaitForEachOther() throws Exception {
        try (UnixTalk<byte[], byte[]> talk =
                UnixTalk.open(transport, byte[].class, byte[].class)) {
            Waits<Void> there = Waits.run(() -> talk.parent().send(new byte[LONG]));
            Waits<Void> back = Waits.run(() -> talk.other().send(new byte[LONG]));
            there.value();
            back.value();
            assertThat(talk.parent().receive()).hasSize(LONG);
            assertThat(talk.other().receive()).hasSize(LONG);
        }
    }

    @Test
    void messageThatCannotBeEncodedHarmsNoOther() throws Exception {
        try (UnixTalk<String, String> talk = UnixTalk.open()) {
            assertThatThrownBy(() -> talk.parent().send("\ud800")).isInstanceOf(CodecFailed.class);
            assertThatThrownBy(() -> talk.parent().trySend("\ud800"))
                    .isInstanceOf(CodecFailed.class);
            talk.parent().send("fine");
            assertThat(talk.other().receive()).isEqualTo("fine");
        }
    }

    @Test
    void messageWithAnEndInItIsRefused() throws Exception {
        try (UnixTalk<Carrying, String> talk =
                UnixTalk.open(transport, Carrying.class, String.class);
                Channel<String> channel = Channel.create(String.class)) {
            assertThatThrownBy(() -> talk.parent().send(new Carrying(channel.sender())))
                    .isInstanceOf(CodecFailed.class).hasMessageContaining("through channels only");
        }
    }

    @Test
    void messageBeyondTheLimitIsRefused() throws Exception {
        try (UnixTalk<byte[], byte[]> talk =
                UnixTalk.open(new UnixTransport(100), byte[].class, byte[].class)) {
            assertThatThrownBy(() -> talk.parent().send(new byte[101]))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessage("a message is longer than a link over a Unix socket carries:"
                            + " length=101, limit=100, which no option raises: send it as several"
                            + " messages, or over Transport.shm(), with what is long in it as"
                            + " SharedBytes");
            talk.parent().send(new byte[100]);
            assertThat(talk.other().receive()).hasSize(100);
        }
    }
}
