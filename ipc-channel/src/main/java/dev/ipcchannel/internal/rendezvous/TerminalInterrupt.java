package dev.ipcchannel.internal.rendezvous;

import static java.lang.invoke.MethodType.methodType;

import dev.ipcchannel.internal.base.Log;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The handler of a child for the SIGINT that a terminal sends to all processes in its foreground
/// at a Ctrl-C: the parent gets it as well, and decides.
///
/// The first one is ignored if the parent begins to exit within a second. A later one acts as
/// without this handler, and so does the first one if the parent does not exit. It is set by
/// reflection, because `sun.misc.Signal` is in a module that may be missing: then, and with `-Xrs`,
/// the terminal ends the child. A handler that the program has set is kept, and so is an ignored
/// signal inherited from the parent.
///
/// (SIG_IGN or a process group of its own will not do: processes that a child starts would inherit
/// the first through exec, and the terminal would stop them because of the second.)
final class TerminalInterrupt {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String SIGNAL = "sun.misc.Signal";

    private static final ReentrantLock SETTING = new ReentrantLock();
    private static boolean isSet; // guarded by that
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static volatile @Nullable Usual usual; // null until it is known

    /// The handler that this JVM would have otherwise.
    private record Usual(Method handle, Object handler) {}

    private TerminalInterrupt() {}

    /// Leaves the interrupt to the parent, if that is possible here. Waits for another thread that
    /// does so at this moment: that takes some milliseconds, because classes are made.
    static void leaveToParent() {
        SETTING.lock();
        try {
            if (!isSet) {
                isSet = true;
                set(Class.forName(SIGNAL), Class.forName(SIGNAL + "Handler"));
            }
        } catch (Exception | LinkageError _) {
            // No module jdk.unsupported, or -Xrs: the interrupt acts as the terminal intends.
        } catch (Error failure) {
            throw failure;
        } catch (Throwable impossible) { // a method handle declares it
            throw new AssertionError(impossible);
        } finally {
            SETTING.unlock();
        }
    }

    /// Sets the handler, by a class that the JVM makes as for a lambda: a proxy takes four times as
    /// long, in each child's start.
    private static void set(Class<?> signals, Class<?> handlers) throws Throwable {
        TerminalInterrupt.class.getModule().addReads(signals.getModule());
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Object signal = lookup.findConstructor(signals, methodType(void.class, String.class))
                .invoke("INT");
        MethodHandle set = lookup.findStatic(signals, "handle",
                methodType(handlers, signals, handlers));
        Object former = set.invoke(signal, handler(lookup, signals, handlers));
        usual = new Usual(handlers.getMethod("handle", signals), former);
        // The JVM's own handler, which exits, comes in a wrapper of that class.
        if (!former.getClass().getName().startsWith(SIGNAL + "$")) {
            Object _ = set.invoke(signal, former); // the program's, or SIG_IGN
        }
    }

    private static Object handler(MethodHandles.Lookup lookup, Class<?> signals, Class<?> handlers)
            throws Throwable {
        MethodHandle interrupted = lookup.findStatic(TerminalInterrupt.class, "interrupted",
                methodType(void.class, Object.class));
        return LambdaMetafactory.metafactory(lookup, "handle", methodType(handlers),
                methodType(void.class, signals), interrupted, methodType(void.class, signals))
                .getTarget().invoke();
    }

    @SuppressWarnings("UnusedMethod") // found by its name above
    private static void interrupted(Object signal) {
        try {
            if (COUNT.incrementAndGet() > 1 || !ParentProcess.awaitLeaving(PATIENCE)) {
                act(signal);
            }
        } catch (InterruptedException _) {
            act(signal);
        }
    }

    private static void act(Object signal) {
        Usual known = usual;
        if (known == null) {
            return;
        }
        try {
            Object _ = known.handle().invoke(known.handler(), signal);
        } catch (ReflectiveOperationException failure) {
            Log.error("an interrupt of the terminal could not be handled", failure);
        }
    }
}
