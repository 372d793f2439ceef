package dev.ipcchannel.testing;

import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Receiver;
import java.time.Duration;
import java.util.SplittableRandom;

/// Helper methods for tests that race with a thread of the library.
public final class Occupied {

    private static final int LONGEST_SPIN = 3000;

    private Occupied() {}

    /// Waits until a thread is inside the receiver, receiving or about to wait.
    public static void byAThread(Receiver<?> receiver) {
        await("a thread waits in the receiver").atMost(Children.PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> receiver.toString().contains("in use"));
    }

    /// Passes a little time, some microseconds at most.
    public static void spin(SplittableRandom random) {
        for (int left = random.nextInt(LONGEST_SPIN); left > 0; left--) {
            Thread.onSpinWait();
        }
    }
}
