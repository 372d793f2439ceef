package dev.ipcchannel.internal.base;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The files and folders of this process that its exit in order removes, after all shutdown hooks:
/// what these wait for may still need them. After a kill or a halt they stay, until a process that
/// makes the next ones of their kind sweeps them.
///
/// No code of ours runs after the hooks, so the JDK removes them ([java.io.File#deleteOnExit]). It
/// keeps each name for life: it gets those that are here once the exit has begun, and no sooner.
public final class ExitFiles {

    private static final Map<Path, List<Path>> KEPT = new ConcurrentHashMap<>();
    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_EXITING = new AtomicBoolean();

    private ExitFiles() {}

    /// Takes in a file, or a folder with what will be inside, which is removed first; of a folder
    /// that others put files into, those come by calls of their own. Until [#remove]; a second time
    /// it only says whether it is too late.
    ///
    /// @return false if the hooks have ended: nothing would remove it
    public static boolean add(Path file, Path... inside) {
        KEPT.put(file, List.of(inside));
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
        // This adds and then looks at IS_EXITING, and beginExit sets that and then looks at all:
        // one of the two sees this file.
        if (IS_EXITING.get() && !give(file, List.of(inside))) {
            remove(file);
            return false;
        }
        return true;
    }

    /// Forgets a file that is gone.
    public static void remove(Path file) {
        KEPT.remove(file);
    }

    /// How many there are, folders with what is inside as one.
    public static int count() {
        return KEPT.size();
    }

    /// Not when the class is initialized: a virtual thread that waits for that keeps its carrier.
    private static void addHook() {
        boolean isSeenTo = false;
        try {
            Runtime.getRuntime().addShutdownHook(
                    new Thread(ExitFiles::beginExit, "ipc-channel exit files"));
            isSeenTo = true;
        } catch (IllegalStateException _) {
            beginExit(); // it has begun already
            isSeenTo = true;
        } finally {
            IS_HOOKED.set(isSeenTo); // the heap may have had no room: the next file tries again
        }
    }

    private static void beginExit() {
        IS_EXITING.set(true); // before the look: see add
        KEPT.keySet().stream().sorted(Comparator.comparingInt(Path::getNameCount)) // folders first
                .forEach(file -> give(file, KEPT.getOrDefault(file, List.of())));
    }

    /// Gives names to the JDK, which removes them in the reverse order.
    ///
    /// @return false if that has happened
    private static boolean give(Path file, List<Path> inside) {
        try {
            file.toFile().deleteOnExit();
            for (Path inner : inside) {
                inner.toFile().deleteOnExit();
            }
            return true;
        } catch (IllegalStateException | LinkageError _) { // it takes no more of them
            return false;
        }
    }
}
