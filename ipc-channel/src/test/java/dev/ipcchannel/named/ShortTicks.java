package dev.ipcchannel.named;

import java.util.concurrent.TimeUnit;

/// The thread for what is due at some time, with a short life once nothing is due: a test that
/// waits until no thread is left would wait a second for it.
public final class ShortTicks {

    private static final long LIFE = 20; // milliseconds

    private ShortTicks() {}

    /// Has the thread of this process end soon after its last task, from now on.
    public static void use() {
        Ticks.timer().setKeepAliveTime(LIFE, TimeUnit.MILLISECONDS);
    }
}
