package dev.ipcchannel.testing;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Ends this JVM when its tests make no progress: when none begins or ends for a time that none
/// takes on the slowest of machines. So all of them together may take as long as they need.
///
/// JUnit finds it by itself (META-INF/services). A test that is to take longer says [#made] on its
/// way.
public final class ProgressWatch
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

    // Longer than the @Timeout of any test, which comes first and says more.
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final AtomicLong PROGRESS = new AtomicLong();

    static {
        Thread watch = new Thread(() -> watch(PROGRESS::get, PATIENCE, ProgressWatch::end),
                "progress watch");
        watch.setDaemon(true);
        watch.start();
    }

    /// Some progress has been made.
    public static void made() {
        PROGRESS.incrementAndGet();
    }

    /// How much progress has been made.
    public static long count() {
        return PROGRESS.get();
    }

    /// Watches until there is no progress for so long, and says where all threads are then.
    static void watch(LongSupplier progress, Duration patience, Consumer<String> end) {
        long seen = progress.getAsLong();
        long since = System.nanoTime();
        long left = patience.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(left);
            long now = progress.getAsLong();
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
            }
            left = patience.toNanos() - (System.nanoTime() - since);
        }
        end.accept("no test has begun or ended for %d s:\n%s".formatted(patience.toSeconds(),
                threads()));
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces()
                .entrySet()) {
            text.append(thread.getKey()).append('\n');
            for (StackTraceElement call : thread.getValue()) {
                text.append("    at ").append(call).append('\n');
            }
        }
        return text.toString();
    }

    private static void end(String why) {
        System.err.println(why);
        Runtime.getRuntime().halt(1);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        made();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        made();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        made();
    }
}
