package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Log;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The handler of a child for the SIGINT that a terminal sends to all processes in its foreground
/// at a Ctrl-C: the parent has it as well, and decides.
///
/// The first one is passed over if the parent begins to exit within a second. A later one acts as
/// it would have without this, and so does the first of a parent that does not exit. By reflection,
/// since `sun.misc.Signal` is in a module that need not be there: then, and with `-Xrs`, the
/// terminal ends the child. What the program itself has set, or its parent has it ignore, stays.
///
/// (Not by SIG_IGN, nor by a process group of its own: what a child starts would inherit the first
/// through exec, and be stopped by the terminal because of the second.)
final class TerminalInterrupt {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String SIGNAL = "sun.misc.Signal";

    private static final AtomicBoolean IS_SET = new AtomicBoolean();
    private static final AtomicInteger COUNT = new AtomicInteger();

    private TerminalInterrupt() {}

    /// Leaves it to the parent, if that is possible here.
    static void leaveToParent() {
        if (!IS_SET.compareAndSet(false, true)) {
            return;
        }
        try {
            set(Class.forName(SIGNAL), Class.forName(SIGNAL + "Handler"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError _) {
            // As the terminal says: no module jdk.unsupported, or -Xrs.
        }
    }

    private static void set(Class<?> signals, Class<?> handlers)
            throws ReflectiveOperationException {
        Object signal = signals.getConstructor(String.class).newInstance("INT");
        Method set = signals.getMethod("handle", signals, handlers);
        Usual usual = new Usual(handlers.getMethod("handle", signals), signal);
        Object ours = Proxy.newProxyInstance(handlers.getClassLoader(), new Class<?>[]{handlers},
                usual);
        Object former = set.invoke(null, signal, ours);
        usual.handler = former;
        // The JVM's own, which exits, comes in a wrapper of that class's.
        if (!former.getClass().getName().startsWith(SIGNAL + "$")) {
            Object _ = set.invoke(null, signal, former); // the program's, or SIG_IGN
        }
    }

    /// What handles it, and what would without us.
    private static final class Usual implements InvocationHandler {

        private final Method handle;
        private final Object signal;
        private volatile Object handler = this; // until it is known

        private Usual(Method handle, Object signal) {
            this.handle = handle;
            this.signal = signal;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // that is what it is asked for
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
                throws InterruptedException {
            return switch (method.getName()) {
                case "handle" -> {
                    interrupted();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "TerminalInterrupt";
            };
        }

        private void interrupted() throws InterruptedException {
            if (COUNT.incrementAndGet() > 1 || !Parenthood.awaitLeaving(PATIENCE)) {
                act();
            }
        }

        private void act() {
            try {
                if (handler != this) {
                    Object _ = handle.invoke(handler, signal);
                }
            } catch (ReflectiveOperationException failure) {
                Log.error("an interrupt of the terminal could not be handled", failure);
            }
        }
    }
}
