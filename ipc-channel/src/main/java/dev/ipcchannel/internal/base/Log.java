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

/// The library's log, a [java.lang.System.Logger], which no peer can fill: an event is logged once,
/// and while it comes again and again there is a line now and then that says how often, see
/// [Repetition].
///
/// An event is a constant text; what differs from time to time is its detail. Nothing is thrown
/// here, whatever a logger of the user's throws. What a [SharedThread] logs is written by another
/// thread a moment later, in order: a logger of the user's may wait, for what that thread does
/// even.
///
/// ```java
/// Log.warning("a message of a route is lost", failure.getMessage());
/// ```
public final class Log {

    private static final String NAME = "dev.ipcchannel";
    private static final long FIRST_WINDOW = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_WINDOW = TimeUnit.MINUTES.toNanos(1);

    // As many as there are texts in the library.
    private static final Map<Event, Repetition> REPETITIONS = new ConcurrentHashMap<>();

    private static final int MOST_LATER = 1_000;
    private static final Queue<Runnable> LATER = new ArrayDeque<>(); // inside the lock, in order
    private static final ReentrantLock LATER_LOCK = new ReentrantLock();
    private static boolean isWriting; // inside the lock: a thread is at work on the queue

    // Of a process that ends, see prepareForExit.
    private static volatile boolean isWanted = true;
    private static volatile boolean isLastWord;

    /// What the lines have in common that are counted together.
    private record Event(Level level, String text) {}

    private Log() {}

    /// Notes whether people want warnings, for those that come after [#beginExit].
    public static void prepareForExit() {
        isWanted = isLoggable(Level.WARNING);
    }

    /// Says that the process is about to end. `java.util.logging` forgets its levels and closes its
    /// handlers by then, beside whatever else runs, so what is said from now on goes to standard
    /// error. Any other log is its user's to end.
    public static void beginExit() {
        isLastWord = System.LoggerFinder.getLoggerFinder().getClass().getName()
                .startsWith("sun.util.logging.");
    }

    /// Says how often those events have come again of which that was to be said later: the process
    /// ends before.
    public static void sayRest() {
        REPETITIONS.forEach((event, repetition) -> {
            String line = repetition.rest(System.nanoTime());
            if (line != null) {
                writeOrGiveUp(event.level(), event.text(), line);
            }
        });
    }

    /// Says something that people should know.
    public static void warning(String event, String detail) {
        log(Level.WARNING, event, detail, null);
    }

    /// The same with a stack, if there is one.
    public static void warning(String event, String detail, @Nullable Throwable stack) {
        log(Level.WARNING, event, detail, stack);
    }

    /// Says what a peer has done wrong: in one sentence, without a stack, which is ours and says
    /// nothing of it. The stack is there for those who have the debug level on.
    public static void warningOfPeer(String event, Throwable failure) {
        try {
            boolean isWanted = isLoggable(Level.DEBUG);
            log(Level.WARNING, event, Printable.of(sentence(failure)), isWanted ? failure : null);
        } catch (RuntimeException | Error _) {
            // No memory to say it with: those who log a full heap go on.
        }
    }

    /// Says that something of the user's or of the library's has failed here, with its stack.
    public static void warning(String event, Throwable failure) {
        log(Level.WARNING, event, failure);
    }

    /// Says that something has failed here that never should.
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

    /// Says what only those want to know who look for the reason of something else.
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
            if (verdict.isFirstUnsaid()) {
                Thread.ofVirtual().name("ipc-channel log")
                        .start(() -> summarize(level, event, repetition));
            }
        } catch (RuntimeException | Error _) {
            // No memory to say it with, no thread, or a logger of the user's that fails.
        }
    }

    /// Waits until the window is over, and says what has come in it.
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

    /// Of a logger that waits for long no more is kept than people read.
    private static void writeLater(Runnable line) {
        LATER_LOCK.lock();
        try {
            if (LATER.size() < MOST_LATER) {
                LATER.add(line);
            }
            if (!isWriting) {
                Thread.ofVirtual().name("ipc-channel log").start(Log::writeAll);
                isWriting = true; // then: there may be no memory for a thread
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
                // A logger of the user's that fails.
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
