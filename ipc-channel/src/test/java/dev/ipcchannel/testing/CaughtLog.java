package dev.ipcchannel.testing;

import dev.ipcchannel.internal.base.Log;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// A capture of the library's log in this JVM until it is closed.
public final class CaughtLog extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.ipcchannel"); // else it may be collected
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

    private CaughtLog() {}

    /// Captures from now on. Earlier lines of other tests in this JVM suppress no line here and are
    /// not summed up.
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
                Field count = repetition.getClass().getDeclaredField("unreported");
                count.setAccessible(true);
                synchronized (repetition) {
                    count.setLong(repetition, 0);
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
        // nothing is suppressed
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
