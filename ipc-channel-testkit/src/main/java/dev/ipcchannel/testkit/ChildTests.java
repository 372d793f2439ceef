package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.testkit.ContractChild.Role;
import dev.ipcchannel.worker.WorkerSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Tests of a transport between a parent and its child, and between a set and its workers.
interface ChildTests extends Contract {

    @Test
    default void childAnswersUntilItsParentCloses() throws InterruptedException {
        ChildLink<String, String> child = ContractChild.start(this, Role.ECHO);
        try (child) {
            child.send("hello");
            assertEquals("hello", child.receive(PATIENCE));
        }
        assertEquals(0, child.process().awaitExit(PATIENCE), child.process()::toString);
    }

    @Test
    default void lastWordsOfAChildAreReceived() throws InterruptedException {
        try (var child = ContractChild.start(this, Role.SPEAK_AND_EXIT)) {
            assertEquals(0, child.process().awaitExit(PATIENCE), child.process()::toString);
            assertEquals("a word", child.receive(PATIENCE));
            assertThrows(Disconnected.class, () -> child.receive(PATIENCE));
        }
    }

    @Test
    default void deathOfAChildComesAfterItsWords() throws InterruptedException {
        try (var child = ContractChild.start(this, Role.SPEAK_AND_HALT)) {
            assertEquals(ContractChild.EXIT_CODE, child.process().awaitExit(PATIENCE));
            assertEquals("a word", child.receive(PATIENCE));
            Disconnected end = assertThrows(Disconnected.class, () -> child.receive(PATIENCE));
            assertTrue(end.isDeath(), end::toString);
            assertThrows(Disconnected.class, () -> {
                while (true) {
                    child.send("to nobody", PATIENCE);
                }
            });
        }
    }

    @Test
    default void killOfAChildEndsAReceiveWithItsExitCode() throws InterruptedException {
        try (var child = ContractChild.start(this, Role.ECHO)) {
            CountDownLatch run = new CountDownLatch(1);
            child.onDisconnect(run::countDown);
            Background<String> receive = Background.of(child::receive).begun();
            child.process().process().destroyForcibly();
            Disconnected end = receive.failure(Disconnected.class);
            assertTrue(end.isDeath(), end::toString);
            Contract.await("the action runs", () -> run.getCount() == 0);
        }
    }

    @Test
    default void killOfAChildEndsASendThatWaitsForRoom() throws InterruptedException {
        // nothing that it sends is received
        try (var child = ContractChild.start(this, Role.ECHO)) {
            Background<Boolean> send = Background.run(() -> {
                while (true) {
                    child.send(RoomTests.BLOCK);
                }
            }).begun();
            child.process().process().destroyForcibly();
            Disconnected _ = send.failure(Disconnected.class);
        }
    }

    @Test
    default void startOfAChildThatDoesNotConnectFailsWhenThatEnds() {
        ChildFailed failure = assertThrows(ChildFailed.class,
                () -> ContractChild.start(this, Role.NOT_CONNECT));
        assertTrue(String.valueOf(failure.getMessage())
                .contains("exit=" + ContractChild.EXIT_CODE), failure::toString);
    }

    @Test
    default void startOfAChildThatMeansOtherTypesFails() {
        assertThrows(TypeMismatch.class, () -> ContractChild.start(this, Role.OTHER_TYPES));
    }

    @Test
    default void jobsAreDone() throws InterruptedException {
        try (WorkerSet<String, Integer> workers = WorkerSet.builder(TEXT, NUMBER)
                .worker(ContractChild.plan(this, Role.WORK)).workerCount(2).start()) {
            for (int i = 0; i < 100; i++) {
                assertEquals(i, workers.call("x".repeat(i)));
            }
        }
    }
}
