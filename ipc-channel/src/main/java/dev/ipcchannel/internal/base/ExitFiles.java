package dev.ipcchannel.internal.base;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The files and folders of this process that its orderly exit removes, after all shutdown hooks:
/// the work that hooks wait for may still need them. After a kill or a halt they are left, until a
/// process that makes files of the same kind sweeps them.
///
/// No code of the library runs after the hooks, so the JDK removes them
/// ([java.io.File#deleteOnExit]). The JDK keeps each name for life, so it gets the names only once
/// the exit has begun.
public final class ExitFiles {

    private static final Map<Path, List<Path>> KEPT = new ConcurrentHashMap<>();
    private static final AtomicBoolean IS_HOOKED = new AtomicBoolean();
    private static final AtomicBoolean IS_EXITING = new AtomicBoolean();

    private ExitFiles() {}

    /// Adds a file, or a folder with its known contents, which are removed first; files that others
    /// put into a folder are added by calls of their own. It is kept until [#remove]. A second call
    /// only reports whether it is too late.
    ///
    /// @return false if the hooks have ended: nothing would remove the file
    public static boolean add(Path file, Path... inside) {
        KEPT.put(file, List.of(inside));
        if (!IS_HOOKED.get() && IS_HOOKED.compareAndSet(false, true)) {
            addHook();
        }
        // This method adds and then loads IS_EXITING, and beginExit sets IS_EXITING and then reads
        // all files: one of the two sees this file.
        if (IS_EXITING.get() && !give(file, List.of(inside))) {
            remove(file);
            return false;
        }
        return true;
    }

    /// Removes a file that is gone.
    public static void remove(Path file) {
        KEPT.remove(file);
    }

    /// The number of files and folders; a folder and its contents count as one.
    public static int count() {
        return KEPT.size();
    }

    /// Not called by the class's initializer: a virtual thread that waits for an initializer pins
    /// its carrier.
    private static void addHook() {
        boolean isSeenTo = false;
        try {
            Runtime.getRuntime().addShutdownHook(
                    new Thread(ExitFiles::beginExit, "ipc-channel exit files"));
            isSeenTo = true;
        } catch (IllegalStateException _) {
            beginExit(); // the exit has begun already
            isSeenTo = true;
        } finally {
            IS_HOOKED.set(isSeenTo); // after a lack of memory the next file tries again
        }
    }

    private static void beginExit() {
        IS_EXITING.set(true); // before the files are read: see add
        KEPT.keySet().stream().sorted(Comparator.comparingInt(Path::getNameCount)) // folders first
                .forEach(file -> give(file, KEPT.getOrDefault(file, List.of())));
    }

    /// Gives names to the JDK, which removes the files in the reverse order.
    ///
    /// @return false if the JDK has done so already
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
