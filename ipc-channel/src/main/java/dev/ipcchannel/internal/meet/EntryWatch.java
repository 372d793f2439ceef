package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Inotify;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Shortage;
import dev.ipcchannel.internal.wait.Watcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A watch on this process's own files in the directory of names. A cleanup there, or the removal
/// of the directory, would hide its members from all that come later.
///
/// There is one for all members of this process, with one descriptor, made at the first use. Any
/// thread may use it; the looks run on the thread on which this process meets others.
public final class EntryWatch implements Watcher.Watched {

    private static final MadeOnce<EntryWatch> INSTANCE = new MadeOnce<>() {
        @Override
        protected EntryWatch make() {
            return made();
        }
    };

    private final Inotify inotify;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Set<Runnable>> watched = new HashMap<>(); // inside the lock

    private EntryWatch(Inotify inotify) {
        this.inotify = inotify;
    }

    /// The watch of this process; null if the kernel gives none, which is logged.
    public static @Nullable EntryWatch instance() {
        try {
            return INSTANCE.get();
        } catch (PosixException failure) { // the next registration tries again
            report(failure, Path.of("/"));
            return null;
        }
    }

    private static EntryWatch made() {
        Inotify inotify = new Inotify();
        Descriptor descriptor = inotify.descriptor();
        EntryWatch made = new EntryWatch(inotify);
        boolean isWatched = false;
        try {
            Long _ = MeetingThread.thread().watch(descriptor, Epoll.Interest.ARRIVALS, made);
            isWatched = true;
            return made;
        } finally {
            if (!isWatched) {
                descriptor.close();
            }
        }
    }

    private static void report(PosixException failure, Path file) {
        Log.warning("entries in the directory of names are not watched: what removes one hides its"
                + " member from those that come later",
                failure.getMessage()
                        + (failure.isExhaustion() ? ": " + Shortage.of(failure, file) : ""));
    }

    /// Runs `look` whenever one of these files may have gone.
    ///
    /// @return the argument for [#forget]
    List<Integer> watch(Runnable look, List<Path> files) {
        List<Integer> numbers = new ArrayList<>();
        lock.lock();
        try {
            for (Path file : files) {
                watch(look, file, numbers);
            }
        } finally {
            lock.unlock();
        }
        return numbers;
    }

    private void watch(Runnable look, Path file, List<Integer> numbers) {
        try {
            Integer number = inotify.watch(file);
            numbers.add(number);
            boolean _ = watched.computeIfAbsent(number, _ -> new HashSet<>()).add(look);
        } catch (PosixException failure) {
            // The caller's next look sees that a file is gone.
            if (!failure.isAbsence()) {
                report(failure, file);
            }
        }
    }

    /// Stops running `look`.
    void forget(Runnable look, List<Integer> numbers) {
        lock.lock();
        try {
            for (Integer number : numbers) {
                Set<Runnable> those = watched.get(number);
                if (those != null && those.remove(look) && those.isEmpty()) {
                    watched.remove(number);
                    inotify.unwatch(number);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onSignal(boolean isEnd) {
        Set<Runnable> noted = new HashSet<>();
        for (int[] numbers = inotify.read(); numbers.length > 0; numbers = inotify.read()) {
            for (int number : numbers) {
                addNoted(number, noted);
            }
        }
        noted.forEach(Runnable::run);
    }

    private void addNoted(int number, Set<Runnable> noted) {
        lock.lock();
        try {
            if (number == Inotify.ALL) {
                watched.values().forEach(noted::addAll);
            } else {
                noted.addAll(watched.getOrDefault(number, Set.of()));
            }
        } finally {
            lock.unlock();
        }
    }
}
