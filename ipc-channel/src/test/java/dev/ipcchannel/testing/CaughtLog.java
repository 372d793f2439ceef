package dev.ipcchannel.testing;

import dev.ipcchannel.internal.base.Log;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The log of the library in this JVM until it is closed.
public final class CaughtLog extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.ipcchannel"); // kept: loggers are held weakly
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

    private CaughtLog() {}

    /// Listens from now on. What has come before in this JVM, by another test, keeps no line back,
    /// and is not summed up.
    public static CaughtLog listen() {
        forgetRepetitions();
        CaughtLog caught = new CaughtLog();
        caught.logger.addHandler(caught);
        return caught;
    }

    private static void forgetRepetitions() {
        try {
            Field repetitions = Log.class.getDeclaredField("REPETITIONS");
            repetitions.setAccessible(true);
            Map<?, ?> earlier = (Map<?, ?>) repetitions.get(null);
            for (Object repetition : earlier.values()) { // whose counts would be logged later
                Field unsaid = repetition.getClass().getDeclaredField("unsaid");
                unsaid.setAccessible(true);
                synchronized (repetition) {
                    unsaid.setLong(repetition, 0);
                }
            }
            earlier.clear();
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError(failure.getMessage(), failure);
        }
    }

    /// The lines so far, without stacks.
    public List<String> lines() {
        return lines;
    }

    /// The exceptions that were logged with their stacks.
    public List<Throwable> thrown() {
        return thrown;
    }

    @Override
    public void publish(LogRecord logged) {
        lines.add(logged.getMessage());
        if (logged.getThrown() != null) {
            thrown.add(logged.getThrown());
        }
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
