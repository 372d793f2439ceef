package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ipcchannel.transport.Transport.Listener;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Tests that nothing is left of a conversation that is over.
interface ResourceTests extends Contract {

    int ROUNDS = 20;

    @Test
    default void conversationsLeaveNoDescriptorAndNoThread() throws InterruptedException {
        round(); // what is made once stays
        int descriptors = descriptors();
        int threads = threads();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        Contract.await("descriptors are closed, before=" + descriptors,
                () -> descriptors() <= descriptors);
        Contract.await("threads end, before=" + threads, () -> threads() <= threads);
    }

    private void round() throws InterruptedException {
        try (Talk<String> talk = talk()) {
            talk.near().send("down");
            talk.far().send(RoomTests.BLOCK);
            assertEquals("down", talk.far().receive(PATIENCE)); // the other one stays unread
        }
    }

    @Test
    default void listenersLeaveNoDescriptorAndNoFile() throws InterruptedException {
        transport().listen(TEXT, TEXT).close();
        int descriptors = descriptors();
        for (int i = 0; i < ROUNDS; i++) {
            Listener<String, String> listener = transport().listen(TEXT, TEXT);
            String address = listener.address();
            listener.close();
            assertFalse(isFile(address), () -> "the file is still there: " + address);
        }
        Contract.await("descriptors are closed, before=" + descriptors,
                () -> descriptors() <= descriptors);
    }

    private static boolean isFile(String address) {
        return address.startsWith("/") && Files.exists(Path.of(address));
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    /// The number of platform threads, without those of the test itself.
    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().equals("testkit")).count();
    }
}
