package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.process.ProcessTree;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A directory that exists until the shutdown hooks of a parent have ended, which shows its
/// children that moment.
///
/// A child that was left to those hooks is of no use afterwards, and has to end at once: before a
/// JVM ends, it waits up to 300 ms for threads in native calls, and the JDK has one such thread for
/// each child. No code of this library runs in the parent at that moment. But the JDK removes files
/// marked for removal at the exit after all hooks, and before that wait: so the children can see
/// the removal.
public final class ExitSign {

    private static final long PAUSE_NANOS = 5_000_000;
    private static final Duration DYING = Duration.ofSeconds(1);

    private static final ReentrantLock MAKING = new ReentrantLock();

    private static volatile @Nullable ServerDirectory own; // made for the first child

    private ExitSign() {}

    /// The path of this process's sign; null if none can be made: then children end by their
    /// connection.
    public static @Nullable String own() {
        ServerDirectory made = own;
        if (made == null) {
            MAKING.lock();
            try {
                made = own == null ? make() : own;
                own = made;
            } finally {
                MAKING.unlock();
            }
        }
        return made == null ? null : made.path();
    }

    private static @Nullable ServerDirectory make() {
        try {
            return ServerDirectory.create();
        } catch (RendezvousException | PosixException failure) {
            Log.debug("there is nothing to show children the end of this JVM's exit by", failure);
            return null;
        }
    }

    /// Makes it again if a cleanup has removed it, because children are about to look for it.
    ///
    /// @return whether it exists; if not, because its folder is gone or read-only, children must
    /// not take its absence for the end
    static boolean show() {
        ServerDirectory made = own;
        if (made == null) {
            return false;
        }
        MAKING.lock();
        try {
            return made.restore();
        } finally {
            MAKING.unlock();
        }
    }

    /// The sign of the parent's exit.
    ///
    /// @param directory the sign itself
    /// @param pid of the parent; 0 if this process does not see it, in a pid namespace of its own
    record OfParent(Path directory, long pid) {}

    /// The sign of the parent with this pid; null if this process does not see the directory, for
    /// instance in a container.
    static @Nullable OfParent ofParent(long pid) {
        String path = ParentProcess.mark(ParentProcess.EXIT_SIGN);
        try {
            return path != null && Files.isDirectory(Path.of(path), LinkOption.NOFOLLOW_LINKS)
                    ? new OfParent(Path.of(path), pid) : null;
        } catch (InvalidPathException _) { // in letters that this locale does not have
            return null;
        }
    }

    /// Makes the exit of this process remove the parent's leftovers, if the parent was killed. This
    /// process ends then, and removes them by a hook or by [#sweep].
    static void sweepAtExit(OfParent parents) {
        // Loaded now: without a free descriptor it could not be loaded from a folder later.
        Class<?> _ = Flock.class;
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(
                    () -> sweepIfDead(parents), "ipc-channel parent removal"));
        } catch (IllegalStateException _) {
            // It exits already: the next server sweeps.
        }
    }

    /// Called before this process halts without hooks: removes its own sign, and the parent's
    /// leftovers if the parent was killed.
    static void sweep(@Nullable OfParent parents) {
        ServerDirectory made = own;
        if (made != null) {
            // A hook may be showing it, if this process exits in order at the same time.
            MAKING.lock();
            try {
                made.close();
            } finally {
                MAKING.unlock();
            }
        }
        if (parents != null) {
            sweepIfDead(parents);
        }
    }

    /// The sockets and the lock of a killed process are closed one by one: a process that sees the
    /// end of one socket may come before the release of the lock.
    private static void sweepIfDead(OfParent parents) {
        Deadline moment = Deadline.after(DYING);
        while (!ServerDirectory.sweepIfDead(parents.directory()) && parents.pid() != 0
                && ProcessTree.isEnding(parents.pid()) && !moment.isPast()) {
            Pause.of(PAUSE_NANOS);
        }
    }

    /// Waits until it is gone, and not merely invisible.
    static void awaitEnd(Path sign) {
        while (!Files.notExists(sign, LinkOption.NOFOLLOW_LINKS)) {
            Pause.of(PAUSE_NANOS);
        }
    }
}
