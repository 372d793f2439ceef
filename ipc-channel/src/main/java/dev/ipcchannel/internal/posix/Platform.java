package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.TimedQuery;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The check whether this JVM can do what the library needs, made once.
public final class Platform {

    /// The holder of the result. The thread that links initializes it; the outer class would be
    /// initialized by the thread that calls [#lookAhead].
    private static final class Found {

        private static final @Nullable String REFUSAL = probe();

        private Found() {}
    }

    private Platform() {}

    /// The reason why nothing can work here, with the remedy, in one sentence; null if everything
    /// is in place.
    public static @Nullable String refusal() {
        return Found.REFUSAL;
    }

    /// Links the native functions on another thread while the calling thread does other work, such
    /// as making codecs: each takes a good part of a child's start, and neither needs the other. A
    /// failure is met again where the functions are used.
    ///
    /// @param next runs on that thread afterwards
    public static void lookAhead(Runnable next) {
        Thread linking = new Thread(() -> {
            String _ = refusal();
            next.run();
        }, "ipc-channel linking");
        linking.setDaemon(true);
        linking.start();
    }

    private static @Nullable String probe() {
        String system = System.getProperty("os.name");
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        if (!system.equals("Linux")
                || !(processor.equals("amd64") || processor.equals("aarch64"))) {
            return "ipc-channel runs on 64-bit Linux on x86-64 or AArch64: this is " + system
                    + " on " + processor;
        }
        try {
            Users.effective(); // links the one native shape
            loadForFailures();
            return null;
        } catch (ExceptionInInitializerError failure) {
            return reason(failure.getCause());
        }
    }

    /// Loads classes that are first needed after a failure. Without a free descriptor no class can
    /// be loaded from a folder, and a class whose load failed is missing as long as the JVM lives.
    private static void loadForFailures() {
        Class<?>[] _ = {Errno.class, PosixException.class, RefusedMemoryException.class,
            AvailableMemory.class, Figures.class, MemoryCgroups.class,
            MemoryCgroups.Mount.class, MemoryCgroups.Version.class, Closer.class, Pause.class,
            TimedQuery.class, Log.class, Printable.class, Shortage.class};
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof IllegalCallerException) {
            Module module = Platform.class.getModule();
            return "this JVM was started with native access denied to ipc-channel: start java with "
                    + "--enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
        return "ipc-channel cannot call the C library: " + cause;
    }
}
