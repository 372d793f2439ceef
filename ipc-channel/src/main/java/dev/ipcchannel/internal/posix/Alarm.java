package dev.ipcchannel.internal.posix;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The kernel's timer that ends this process, whatever its threads are doing.
public final class Alarm {

    // int setitimer(int which, const struct itimerval *new_value, struct itimerval *old_value);
    private static final MemorySegment SETITIMER = Native.symbol("setitimer");

    private static final int ITIMER_REAL = 0; // SIGALRM, for which a JVM has no handler
    // Struct itimerval: seconds and microseconds of the interval, then those of the first time.
    private static final long SECONDS = 16;
    private static final long MICROS = 24;

    private Alarm() {}

    /// Ends this process after `time` by SIGALRM, unless it has ended before.
    public static void set(Duration time) {
        try (Frame frame = Frame.borrow()) {
            frame.setLong(0, 0);
            frame.setLong(Long.BYTES, 0); // once
            frame.setLong(SECONDS, time.toSeconds());
            frame.setLong(MICROS, TimeUnit.NANOSECONDS.toMicros(time.toNanosPart()));
            if ((int) Native.call(frame, SETITIMER, ITIMER_REAL, frame.address(0), 0, 0, 0, 0)
                    < 0) {
                throw frame.failure("setitimer", "time=" + time);
            }
        }
    }
}
