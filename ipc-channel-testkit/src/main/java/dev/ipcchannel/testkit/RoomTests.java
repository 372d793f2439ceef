package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Tests of threads that wait: for room, or for a message.
interface RoomTests extends Contract {

    /// A message so long that a link is full after some thousands of them.
    String BLOCK = "x".repeat(64 * 1024);
    int MOST_BLOCKS = 16_384; // a gigabyte, which no link keeps

    /// Sends until the link has no room.
    ///
    /// @return the number of messages sent, each of which begins with its number
    private static int fill(Link<String, String> link) throws InterruptedException {
        for (int i = 0; i < MOST_BLOCKS; i++) {
            try {
                link.send(i + BLOCK, SHORT);
            } catch (TimedOut _) {
                return i;
            }
        }
        return fail(
                "a link whose messages nobody takes is to be full at last: sent=" + MOST_BLOCKS);
    }

    private static void assertHas(Link<String, String> link, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            assertEquals(i + BLOCK, link.receive(PATIENCE));
        }
    }

    @Test
    default void fullLinkTakesNoneAndLosesNone() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            int sent = fill(talk.near());
            assertThrows(TimedOut.class, () -> talk.near().send("late" + BLOCK, Duration.ZERO));
            assertEquals(SendOutcome.FULL, talk.near().trySend("late" + BLOCK));
            assertTrue(talk.near().outStats().blocked().compareTo(SHORT.dividedBy(2)) > 0,
                    () -> talk.near().outStats().toString());
            assertHas(talk.far(), sent);
            talk.near().send("next");
            assertEquals("next", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void sendThatWaitsGoesOnWhenThereIsRoom() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            int sent = fill(talk.near());
            Background<Boolean> send =
                    Background.run(() -> talk.near().send(sent + BLOCK)).begun();
            assertHas(talk.far(), sent + 1);
            assertTrue(send.value());
        }
    }

    @Test
    default void interruptEndsASendWithNothingLost() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            int sent = fill(talk.near());
            Background<Boolean> send =
                    Background.run(() -> talk.near().send("interrupted" + BLOCK)).begun();
            send.interrupt();
            InterruptedException _ = send.failure(InterruptedException.class);
            assertHas(talk.far(), sent);
            talk.near().send("next");
            assertEquals("next", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void interruptEndsAReceiveWithNothingLost() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<String> receive = Background.of(() -> talk.far().receive()).begun();
            receive.interrupt();
            InterruptedException _ = receive.failure(InterruptedException.class);
            Background<String> timed = Background.of(() -> talk.far().receive(PATIENCE)).begun();
            timed.interrupt();
            InterruptedException _ = timed.failure(InterruptedException.class);
            talk.near().send("next");
            assertEquals("next", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void receiveGivesUpWhenItsTimeIsOverWithNothingLost() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertThrows(TimedOut.class, () -> talk.far().receive(SHORT));
            assertThrows(TimedOut.class, () -> talk.far().receive(Duration.ZERO));
            talk.near().send("late");
            assertEquals("late", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void receiveThatWaitsGetsWhatComes() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<String> receive = Background.of(() -> talk.far().receive()).begun();
            talk.near().send("soon");
            assertEquals("soon", receive.value());
        }
    }
}
