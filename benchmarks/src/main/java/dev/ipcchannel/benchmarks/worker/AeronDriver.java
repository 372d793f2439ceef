package dev.ipcchannel.benchmarks.worker;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SleepingIdleStrategy;

/// Aeron's media driver in a process of its own, until its standard input ends.
///
/// One thread does all its work and sleeps in between: with IPC the driver moves no message, it
/// only raises the publishers' limits, and the two processors belong to the processes that are
/// measured.
public final class AeronDriver {

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private AeronDriver() {}

    /// Runs the driver.
    ///
    /// @param arguments the directory to use
    public static void main(String[] arguments) throws IOException {
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(arguments[0])
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingIdleStrategy(PAUSE_NANOS))
                .ipcTermBufferLength(Integer.getInteger("bench.term", 1024 * 1024));
        try (MediaDriver _ = MediaDriver.launch(context)) {
            System.out.println("ready");
            while (System.in.read() >= 0) { // whatever it says
            }
        }
    }
}
