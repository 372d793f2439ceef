package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.transport.AwaitedChild;
import dev.ipcchannel.transport.Transport.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tests of how two sides connect.
interface ListenerTests extends Contract {

    /// See [TransportContract#intrude].
    default void intrude(String address) throws Exception {
        assertThrows(IpcException.class, () -> {
            try (Link<Integer, Integer> stranger = transport().connect(address, NUMBER, NUMBER)) {
                Integer _ = stranger.receive(PATIENCE);
            }
        });
    }

    @Test
    default void nameAndAddressAreOneLineEach() {
        assertFalse(transport().name().isBlank());
        assertEquals(1, transport().name().lines().count());
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            assertFalse(listener.address().isBlank());
            assertEquals(1, listener.address().lines().count());
        }
    }

    @Test
    default void listenersHaveAddressesOfTheirOwn() throws InterruptedException {
        try (Listener<String, String> first = transport().listen(TEXT, TEXT);
                Listener<String, String> second = transport().listen(TEXT, TEXT)) {
            assertNotEquals(first.address(), second.address());
            try (Talk<String> there = Talk.at(transport(), second, TEXT);
                    Talk<String> here = Talk.at(transport(), first, TEXT)) {
                here.far().send("here");
                there.far().send("there");
                assertEquals("there", there.near().receive(PATIENCE));
                assertEquals("here", here.near().receive(PATIENCE));
            }
        }
    }

    @Test
    default void transportServesSeveralThreadsAtOnce() throws InterruptedException {
        List<Background<String>> talks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String word = "word " + i;
            talks.add(Background.of(() -> {
                try (Talk<String> talk = talk()) {
                    talk.far().send(word);
                    return talk.near().receive(PATIENCE);
                }
            }));
        }
        for (int i = 0; i < 4; i++) {
            assertEquals("word " + i, talks.get(i).value());
        }
    }

    @Test
    default void acceptGivesUpWhenItsTimeIsOverAndTheListenerStays() throws InterruptedException {
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            assertThrows(TimedOut.class, () -> listener.accept(SHORT));
            assertThrows(TimedOut.class, () -> listener.accept(Duration.ZERO));
            assertGetsThrough(listener);
        }
    }

    @Test
    default void interruptEndsAnAcceptAndTheListenerStays() throws InterruptedException {
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            Background<Link<String, String>> accept =
                    Background.of(() -> listener.accept(PATIENCE)).begun();
            accept.interrupt();
            InterruptedException _ = accept.failure(InterruptedException.class);
            assertGetsThrough(listener);
        }
    }

    private void assertGetsThrough(Listener<String, String> listener)
            throws InterruptedException {
        try (Talk<String> talk = Talk.at(transport(), listener, TEXT)) {
            talk.far().send("hello");
            assertEquals("hello", talk.near().receive(PATIENCE));
        }
    }

    @Test
    default void closeEndsAnAcceptAndEachLaterOne() throws InterruptedException {
        Listener<String, String> listener = transport().listen(TEXT, TEXT);
        Background<Link<String, String>> accept =
                Background.of(() -> listener.accept(PATIENCE)).begun();
        listener.close();
        EndClosed _ = accept.failure(EndClosed.class);
        listener.close();
        assertThrows(EndClosed.class, () -> listener.accept(PATIENCE));
    }

    @Test
    default void noProcessConnectsToAClosedListener() {
        Listener<String, String> listener = transport().listen(TEXT, TEXT);
        String address = listener.address();
        listener.close();
        assertThrows(Disconnected.class, () -> transport().connect(address, TEXT, TEXT));
    }

    @Test
    default void linkStaysWhenItsListenerCloses() throws InterruptedException {
        try (Talk<String> talk = talk()) { // whose listener is closed by then
            talk.near().send("down");
            assertEquals("down", talk.far().receive(PATIENCE));
        }
    }

    @Test
    default void waitForAChildEndsWithTheChild() throws Exception {
        Process process = new ProcessBuilder("true").start();
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            assertThrows(ChildFailed.class,
                    () -> listener.accept(new AwaitedChild(process, "true"), PATIENCE));
        }
    }

    @Test
    default void waitForAChildThatLivesEndsWithItsTime() throws Exception {
        Process process = new ProcessBuilder("cat").start();
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            AwaitedChild child = new AwaitedChild(process, "cat");
            assertThrows(TimedOut.class, () -> listener.accept(child, SHORT));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    default void strangerDoesNotKeepTheRightOneOut() throws Exception {
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            String address = listener.address();
            Background<Link<String, String>> accept =
                    Background.of(() -> listener.accept(PATIENCE)).begun();
            intrude(address);
            try (Link<String, String> far = transport().connect(address, TEXT, TEXT);
                    Link<String, String> near = accept.value()) {
                far.send("hello");
                assertEquals("hello", near.receive(PATIENCE));
            }
        }
    }

    @Test
    default void oneThatMeansOtherTypesIsTurnedAway() throws Exception {
        try (Listener<String, String> listener = transport().listen(TEXT, TEXT)) {
            String address = listener.address();
            Background<Link<String, String>> accept =
                    Background.of(() -> listener.accept(PATIENCE)).begun();
            assertThrows(IpcException.class, () -> {
                try (Link<Integer, Integer> other =
                        transport().connect(address, NUMBER, NUMBER)) {
                    Integer _ = other.receive(PATIENCE);
                }
            });
            try (Link<String, String> far = transport().connect(address, TEXT, TEXT);
                    Link<String, String> near = accept.value()) {
                near.send("hello");
                assertEquals("hello", far.receive(PATIENCE));
            }
        }
    }
}
