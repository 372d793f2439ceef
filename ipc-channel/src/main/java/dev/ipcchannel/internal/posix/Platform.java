package dev.ipcchannel.internal.posix;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.base.TimedQuery;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The check whether this JVM can do what the library needs, made once.
public final class Platform {

    /// The holder of the answer: initialized by the thread that links, where the class around it
    /// would be by the one that asks for a look ahead.
    private static final class Found {

        private static final @Nullable String REFUSAL = probe();

        private Found() {}
    }

    private Platform() {}

    /// Why nothing can work here and what to do about it, in one sentence; null where everything is
    /// in place.
    public static @Nullable String refusal() {
        return Found.REFUSAL;
    }

    /// Links the native functions on another thread while this one makes codecs, say: each takes a
    /// good part of a child's start, and neither needs the other. Whatever goes wrong is met again
    /// where they are needed.
    ///
    /// @param next is done there after that
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

    /// Loads what is first needed where something fails. Without a descriptor no class comes out of
    /// a folder, and one that did not come is missing for as long as the JVM lives.
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
