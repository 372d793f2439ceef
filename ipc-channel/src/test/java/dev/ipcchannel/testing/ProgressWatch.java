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

/// A watch that ends this JVM when its tests make no progress: when no test begins or ends for
/// longer than any test takes on the slowest machine. So all tests together may take as long as
/// they need.
///
/// JUnit finds it by itself (META-INF/services). A longer test calls [#made] while it runs.
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

    /// Notes some progress.
    public static void made() {
        PROGRESS.incrementAndGet();
    }

    /// The amount of progress so far.
    public static long count() {
        return PROGRESS.get();
    }

    /// Watches until there is no progress for `patience`, then reports the stacks of all threads.
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
