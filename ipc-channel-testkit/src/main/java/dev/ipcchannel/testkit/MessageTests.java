package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.EndStats;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Tests of messages from the send to the receive.
interface MessageTests extends Contract {

    /// A message whose encoding or decoding fails on request.
    ///
    /// @param text null in a message that cannot be encoded
    /// @param number below zero in a message that cannot be decoded
    record Note(String text, int number) {

        private static final AtomicBoolean IS_PICKY = new AtomicBoolean();

        public Note {
            if (number < 0 && IS_PICKY.get()) {
                throw new IllegalArgumentException("number=" + number);
            }
        }
    }

    /// A message with the number of its sending thread.
    record Numbered(int thread, int number) {}

    @Test
    default void messagesComeOnceAndInOrder() throws InterruptedException {
        int count = 2000;
        try (Talk<String> talk = talk()) {
            Background<Boolean> down = Background.run(() -> sendAll(talk.near(), count));
            Background<Boolean> up = Background.run(() -> sendAll(talk.far(), count));
            Background<Boolean> there = Background.run(() -> receiveAll(talk.far(), count));
            receiveAll(talk.near(), count);
            assertTrue(there.value() && down.value() && up.value());
            assertNull(talk.near().tryReceive());
            assertNull(talk.far().tryReceive());
        }
    }

    private static void sendAll(Link<String, String> link, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            switch (i % 2) {
                case 0 -> link.send("" + i);
                default -> link.send("" + i, PATIENCE);
            }
        }
    }

    private static void receiveAll(Link<String, String> link, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertEquals("" + i, i % 2 == 0 ? link.receive() : link.receive(PATIENCE));
        }
    }

    @Test
    default void threadsSendSideBySide() throws InterruptedException {
        int threads = 4;
        int count = 500;
        try (Talk<Numbered> talk = Talk.of(transport(), TypeToken.of(Numbered.class))) {
            List<Background<Boolean>> senders = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int name = thread;
                senders.add(Background.run(() -> {
                    for (int i = 0; i < count; i++) {
                        talk.near().send(new Numbered(name, i));
                    }
                }));
            }
            Map<Integer, Integer> next = new HashMap<>();
            for (int i = 0; i < threads * count; i++) {
                Numbered message = talk.far().receive(PATIENCE);
                assertEquals(next.getOrDefault(message.thread(), 0), message.number(),
                        () -> "the messages of a thread stay in order: " + message);
                next.put(message.thread(), message.number() + 1);
            }
            for (Background<Boolean> sender : senders) {
                assertTrue(sender.value());
            }
        }
    }

    @Test
    default void bytesArriveAsTheyWere() throws InterruptedException {
        SplittableRandom random = new SplittableRandom(18);
        try (Talk<byte[]> talk = Talk.of(transport(), TypeToken.of(byte[].class))) {
            int most = Math.min(talk.near().maxMessage(), 4 << 20) - 64; // of what is around them
            for (int length = 0; length <= most; length = 3 * length + 1) {
                byte[] message = new byte[length];
                random.nextBytes(message);
                Background<Boolean> sent = Background.run(() -> talk.near().send(message));
                byte[] received = talk.far().receive(PATIENCE);
                int at = Arrays.mismatch(message, received);
                assertEquals(-1, at, () -> "length=" + message.length + ", seed=18");
                assertTrue(sent.value());
            }
        }
    }

    @Test
    default void messageThatIsTooLongIsRefusedAndHarmsNoOther() throws InterruptedException {
        try (Talk<byte[]> talk = Talk.of(transport(), TypeToken.of(byte[].class))) {
            int most = talk.near().maxMessage();
            assertTrue(most > 0, () -> "maxMessage=" + most);
            assumeTrue(most < 64 << 20, "no test makes a message as long as that");
            byte[] tooLong = new byte[most + 1];
            talk.near().send(new byte[]{1});
            assertThrows(MessageTooLarge.class, () -> talk.near().send(tooLong));
            assertThrows(MessageTooLarge.class, () -> talk.near().send(tooLong, PATIENCE));
            assertThrows(MessageTooLarge.class, () -> talk.near().trySend(tooLong));
            talk.near().send(new byte[]{2});
            assertEquals(1, talk.far().receive(PATIENCE)[0]);
            assertEquals(2, talk.far().receive(PATIENCE)[0]);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what is tested
    default void messageThatCannotBeSentIsRefusedAndHarmsNoOther() throws InterruptedException {
        try (Talk<Note> talk = Talk.of(transport(), TypeToken.of(Note.class))) {
            Note wrong = new Note(null, 1);
            assertThrows(CodecFailed.class, () -> talk.near().send(wrong));
            assertThrows(CodecFailed.class, () -> talk.near().send(wrong, PATIENCE));
            assertThrows(CodecFailed.class, () -> talk.near().trySend(wrong));
            talk.near().send(new Note("right", 2));
            assertEquals(new Note("right", 2), talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void messageThatCannotBeReadIsTakenAndHarmsNoOther() throws InterruptedException {
        try (Talk<Note> talk = Talk.of(transport(), TypeToken.of(Note.class))) {
            talk.near().send(new Note("wrong", -1));
            talk.near().send(new Note("right", 2));
            Note.IS_PICKY.set(true);
            try {
                RuntimeException unread = assertThrows(RuntimeException.class,
                        () -> talk.far().receive(PATIENCE));
                assertTrue(isOfCodec(unread), unread::toString);
            } finally {
                Note.IS_PICKY.set(false);
            }
            assertEquals(new Note("right", 2), talk.far().receive(PATIENCE));
        }
    }

    private static boolean isOfCodec(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof CodecFailed) {
                return true;
            }
        }
        return false;
    }

    @Test
    default void verbsThatDoNotWaitDoNot() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertNull(talk.far().tryReceive());
            Contract.await("a message is sent at once",
                    () -> talk.near().trySend("now") == SendOutcome.SENT);
            assertEquals("now", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void otherSideIsDescribedInOneLine() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertTrue(talk.near().otherSide().lines().count() <= 1);
            assertTrue(talk.far().otherSide().lines().count() <= 1);
        }
    }

    @Test
    default void messagesAndBytesAreCounted() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertEquals(0, talk.near().outStats().messages());
            for (int i = 0; i < 3; i++) {
                talk.near().send("four");
                assertEquals("four", talk.far().receive(PATIENCE));
            }
            assertCounted(3, talk.near().outStats());
            assertCounted(3, talk.far().inStats());
            assertCounted(0, talk.near().inStats());
            assertCounted(0, talk.far().outStats());
        }
    }

    private static void assertCounted(long messages, EndStats stats) {
        assertEquals(messages, stats.messages(), stats::toString);
        assertTrue(stats.bytes() >= 4 * messages && stats.bytes() <= 64 * messages,
                stats::toString);
    }

    @Test
    default void timeThatAReceiveWaitsIsCounted() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertThrows(TimedOut.class, () -> talk.far().receive(SHORT));
            assertTrue(talk.far().inStats().blocked().compareTo(SHORT.dividedBy(2)) > 0,
                    () -> talk.far().inStats().toString());
        }
    }
}
