package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Tests of the end of a conversation, and of its owner.
interface EndTests extends Contract {

    @Test
    default void closeOfTheListenersSideComesAfterWhatItHasSent() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertEnds(talk.near(), talk.far());
        }
    }

    @Test
    default void closeOfTheOtherSideComesAfterWhatItHasSent() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            assertEnds(talk.far(), talk.near());
        }
    }

    private static void assertEnds(Link<String, String> closing, Link<String, String> other)
            throws InterruptedException {
        closing.send("one");
        closing.send("two");
        closing.close();
        assertEquals("one", other.receive(PATIENCE));
        assertEquals("two", other.receive(PATIENCE));
        Disconnected end = assertThrows(Disconnected.class, () -> other.receive(PATIENCE));
        assertFalse(end.isDeath(), end::toString);
        assertThrows(Disconnected.class, () -> other.receive());
        assertThrows(Disconnected.class, other::tryReceive);
        assertThrows(Disconnected.class, () -> sendUntilItFails(other));
    }

    private static void sendUntilItFails(Link<String, String> link) throws InterruptedException {
        while (true) {
            link.send("more", PATIENCE);
        }
    }

    @Test
    default void verbsOfAClosedLinkSaySo() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Link<String, String> closed = talk.near();
            closed.close();
            closed.close();
            assertThrows(EndClosed.class, () -> closed.send("late"));
            assertThrows(EndClosed.class, () -> closed.send("late", PATIENCE));
            assertThrows(EndClosed.class, () -> closed.trySend("late"));
            assertThrows(EndClosed.class, closed::receive);
            assertThrows(EndClosed.class, () -> closed.receive(PATIENCE));
            assertThrows(EndClosed.class, closed::tryReceive);
            assertThrows(EndClosed.class, () -> closed.onDisconnect(() -> {}));
            assertThrows(EndClosed.class, () -> closed.ownedBy("a test"));
        }
    }

    @Test
    default void closeEndsAReceiveOfThisSide() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<String> receive = Background.of(() -> talk.near().receive()).begun();
            talk.near().close();
            EndClosed _ = receive.failure(EndClosed.class);
        }
    }

    @Test
    default void closeEndsAReceiveOfTheOtherSide() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<String> receive = Background.of(() -> talk.near().receive()).begun();
            talk.far().close();
            Disconnected _ = receive.failure(Disconnected.class);
        }
    }

    @Test
    default void closeEndsASendThatWaitsForRoom() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<Boolean> send = Background.run(() -> flood(talk.near())).begun();
            talk.near().close();
            EndClosed _ = send.failure(EndClosed.class);
        }
    }

    @Test
    default void closeOfTheOtherSideEndsASendThatWaitsForRoom() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Background<Boolean> send = Background.run(() -> flood(talk.near())).begun();
            talk.far().close();
            Disconnected _ = send.failure(Disconnected.class);
        }
    }

    private static void flood(Link<String, String> link) throws InterruptedException {
        while (true) {
            link.send(RoomTests.BLOCK);
        }
    }

    @Test
    default void closeOfTheOtherSideRunsEachActionOnce() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch second = new CountDownLatch(1);
            talk.near().onDisconnect(runs::incrementAndGet);
            talk.near().onDisconnect(second::countDown);
            talk.far().close();
            Contract.await("an action runs", () -> runs.get() == 1 && second.getCount() == 0);
            CountDownLatch late = new CountDownLatch(1);
            talk.near().onDisconnect(late::countDown);
            Contract.await("an action runs that is given after the end",
                    () -> late.getCount() == 0);
            assertEquals(1, runs.get());
        }
    }

    @Test
    default void endIsNotifiedWhileMessagesAreUnread() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            CountDownLatch run = new CountDownLatch(1);
            talk.near().onDisconnect(run::countDown);
            talk.far().send("last words");
            talk.far().close();
            Contract.await("the action runs", () -> run.getCount() == 0);
            assertEquals("last words", talk.near().receive(PATIENCE));
        }
    }

    @Test
    default void ownCloseIsNotNotified() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch other = new CountDownLatch(1);
        try (Talk<String> talk = talk()) {
            talk.near().onDisconnect(runs::incrementAndGet);
            talk.far().onDisconnect(other::countDown);
            talk.near().close();
            Contract.await("the action of the other side runs", () -> other.getCount() == 0);
        }
        assertEquals(0, runs.get());
    }

    @Test
    default void linkHasOneOwner() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            Link<String, String> owned = talk.near().ownedBy("a test");
            IllegalStateException refusal = assertThrows(IllegalStateException.class,
                    () -> talk.near().ownedBy("another one"));
            assertTrue(String.valueOf(refusal.getMessage()).contains("a test"),
                    refusal::toString);
            owned.send("from the owner");
            assertEquals("from the owner", talk.far().receive(PATIENCE));
            talk.far().send("to the owner");
            assertEquals("to the owner", owned.receive(PATIENCE));
            assertEquals(talk.near().maxMessage(), owned.maxMessage());
            assertEquals(1, owned.outStats().messages());
            assertEquals(1, owned.inStats().messages());
        }
    }

    @Test
    default void closeOfEitherObjectEndsAnOwnedLink() throws InterruptedException {
        for (boolean isOwners : new boolean[]{true, false}) {
            try (Talk<String> talk = talk()) {
                Link<String, String> owned = talk.near().ownedBy("a test");
                CountDownLatch run = new CountDownLatch(1);
                talk.far().onDisconnect(run::countDown);
                (isOwners ? owned : talk.near()).close();
                Contract.await("the action of the other side runs", () -> run.getCount() == 0);
                assertThrows(EndClosed.class, owned::receive);
            }
        }
    }
}
