package dev.ipcchannel.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The common part of all tests of a transport.
interface Contract {

    /// The time after which a test that waits for a condition gives up: longer than anything takes
    /// on a busy machine.
    Duration PATIENCE = Duration.ofSeconds(45);

    /// The timeout of a call that is meant to run out of time.
    Duration SHORT = Duration.ofMillis(20);

    TypeToken<String> TEXT = TypeToken.of(String.class);
    TypeToken<Integer> NUMBER = TypeToken.of(Integer.class);

    /// The transport to be tested.
    Transport transport();

    /// The two sides of a conversation in this JVM.
    default Talk<String> talk() throws InterruptedException {
        return Talk.of(transport(), TEXT);
    }

    /// Waits until a condition holds.
    static void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean isNow = isSo.getAsBoolean();
        while (!isNow && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
            isNow = isSo.getAsBoolean();
        }
        assertTrue(isNow, () -> "in " + PATIENCE + ": " + what);
    }
}
