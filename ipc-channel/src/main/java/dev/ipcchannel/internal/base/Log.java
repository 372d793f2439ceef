package dev.ipcchannel.internal.base;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The library's log, a [java.lang.System.Logger], which no peer can fill. An event is logged once;
/// while it repeats, a line now and then gives the number of repetitions, see [Repetition].
///
/// An event is a constant text; the variable text is its detail. No method here throws, whatever a
/// user's logger throws. Another thread writes what a [SharedThread] logs, a moment later, in
/// order: a user's logger may wait, even for work of that thread.
/// ```java
/// Log.warning("a message of a route is lost", failure.getMessage());
/// ```
public final class Log {

    private static final String NAME = "dev.ipcchannel";
    private static final long FIRST_WINDOW = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_WINDOW = TimeUnit.MINUTES.toNanos(1);

    // At most one for each text in the library.
    private static final Map<Event, Repetition> REPETITIONS = new ConcurrentHashMap<>();

    private static final int MOST_LATER = 1_000;
    // Guarded by the lock, in order.
    private static final Queue<Runnable> LATER = new ArrayDeque<>();
    private static final ReentrantLock LATER_LOCK = new ReentrantLock();
    private static boolean isWriting; // guarded by the lock: whether a thread works on the queue

    // For a process that ends, see prepareForExit.
    private static volatile boolean isWanted = true;
    private static volatile boolean isLastWord;

    /// The common part of the lines that are counted together.
    private record Event(Level level, String text) {}

    private Log() {}

    /// Notes whether warnings are enabled, for those that come after [#beginExit].
    public static void prepareForExit() {
        isWanted = isLoggable(Level.WARNING);
    }

    /// Notes that the process is about to end. By then `java.util.logging` forgets its levels and
    /// closes its handlers, in parallel with other code, so later lines go to standard error. Any
    /// other log is its user's to end.
    public static void beginExit() {
        isLastWord = System.LoggerFinder.getLoggerFinder().getClass().getName()
                .startsWith("sun.util.logging.");
    }

    /// Logs the pending numbers of repetitions, because the process ends before their windows do.
    public static void logRest() {
        REPETITIONS.forEach((event, repetition) -> {
            String line = repetition.rest(System.nanoTime());
            if (line != null) {
                writeOrGiveUp(event.level(), event.text(), line);
            }
        });
    }

    /// Logs an event that people should know.
    public static void warning(String event, String detail) {
        log(Level.WARNING, event, detail, null);
    }

    /// Logs such an event with a stack, if there is one.
    public static void warning(String event, String detail, @Nullable Throwable stack) {
        log(Level.WARNING, event, detail, stack);
    }

    /// Logs a peer's mistake in one sentence, without a stack, which would be the library's and of
    /// no use. The stack is added if the debug level is enabled.
    public static void warningOfPeer(String event, Throwable failure) {
        try {
            boolean isWanted = isLoggable(Level.DEBUG);
            log(Level.WARNING, event, Printable.of(sentence(failure)), isWanted ? failure : null);
        } catch (RuntimeException | Error _) {
            // No memory for the line: the callers of this log go on with a full heap.
        }
    }

    /// Logs a failure of the user's code or of the library's, with its stack.
    public static void warning(String event, Throwable failure) {
        log(Level.WARNING, event, failure);
    }

    /// Logs a failure that should never occur.
    public static void error(String event, Throwable failure) {
        log(Level.ERROR, event, failure);
    }

    private static void log(Level level, String event, Throwable failure) {
        try {
            log(level, event, sentence(failure), failure);
        } catch (RuntimeException | Error _) {
            // As above.
        }
    }

    /// Logs a detail that helps to find the reason of another failure.
    public static void debug(String event, Object detail) {
        try {
            if (isLoggable(Level.DEBUG)) {
                log(Level.DEBUG, event, String.valueOf(detail),
                        detail instanceof Throwable failure ? failure : null);
            }
        } catch (RuntimeException | Error _) {
            // As above.
        }
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    private static void log(Level level, String event, String detail,
            @Nullable Throwable failure) {
        try {
            Repetition repetition = REPETITIONS.computeIfAbsent(new Event(level, event),
                    _ -> new Repetition(FIRST_WINDOW, LONGEST_WINDOW));
            Repetition.Verdict verdict = repetition.note(detail, System.nanoTime());
            String line = verdict.line();
            if (line != null && Thread.currentThread() instanceof SharedThread) {
                writeLater(() -> write(level, event, line, failure));
            } else if (line != null) {
                write(level, event, line, failure);
            }
            if (verdict.isFirstUnreported()) {
                Thread.ofVirtual().name("ipc-channel log")
                        .start(() -> summarize(level, event, repetition));
            }
        } catch (RuntimeException | Error _) {
            // No memory for the line, no thread, or a user's logger that fails.
        }
    }

    /// Waits until the window is over, and logs the events in it.
    private static void summarize(Level level, String event, Repetition repetition) {
        for (long left = repetition.left(System.nanoTime()); left > 0; left =
                repetition.left(System.nanoTime())) {
            LockSupport.parkNanos(left);
        }
        String line = repetition.summary(System.nanoTime());
        if (line != null) {
            writeOrGiveUp(level, event, line);
        }
    }

    private static void writeOrGiveUp(Level level, String event, String line) {
        try {
            write(level, event, line, null);
        } catch (RuntimeException | Error _) {
            // As above.
        }
    }

    private static void write(Level level, String event, String line,
            @Nullable Throwable failure) {
        if (!isLastWord) {
            System.getLogger(NAME).log(level, event + ": " + line, failure);
        } else if (isWanted && level.compareTo(Level.WARNING) >= 0) {
            System.err.println(level + ": " + event + ": " + line);
        }
    }

    /// Queues a line. If a logger waits for long, no more lines are kept than people read.
    private static void writeLater(Runnable line) {
        LATER_LOCK.lock();
        try {
            if (LATER.size() < MOST_LATER) {
                LATER.add(line);
            }
            if (!isWriting) {
                Thread.ofVirtual().name("ipc-channel log").start(Log::writeAll);
                isWriting = true; // afterwards: there may be no memory for a thread
            }
        } finally {
            LATER_LOCK.unlock();
        }
    }

    private static void writeAll() {
        for (Runnable line = nextLine(); line != null; line = nextLine()) {
            try {
                line.run();
            } catch (RuntimeException | Error _) {
                // A user's logger that fails.
            }
        }
    }

    private static @Nullable Runnable nextLine() {
        LATER_LOCK.lock();
        try {
            Runnable next = LATER.poll();
            isWriting = next != null;
            return next;
        } finally {
            LATER_LOCK.unlock();
        }
    }

    private static boolean isLoggable(Level level) {
        try {
            return System.getLogger(NAME).isLoggable(level);
        } catch (RuntimeException | Error _) {
            return false;
        }
    }
}
