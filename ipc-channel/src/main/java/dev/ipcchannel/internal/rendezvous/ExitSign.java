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

/// A directory by which children see that the shutdown hooks of their parent have ended: it is
/// there until then.
///
/// A child that was left to those hooks is of no more use then, and is to end at once: before a JVM
/// ends, it waits up to 300 ms for threads in native calls, and one of the JDK's is there for each
/// child. No code of ours runs in the parent at that moment. But the JDK deletes files that are to
/// be deleted at the exit after all hooks, and before that wait: so the children can see it.
public final class ExitSign {

    private static final long PAUSE_NANOS = 5_000_000;
    private static final Duration DYING = Duration.ofSeconds(1);

    private static final ReentrantLock MAKING = new ReentrantLock();

    private static volatile @Nullable ServerDirectory own; // made for the first child

    private ExitSign() {}

    /// That of this process; null where none can be made: children end by their connection then.
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

    /// Makes it again where something that cleans up has removed it: it is about to be looked for.
    ///
    /// @return whether it is there; where it is not, since its folder is gone or read-only,
    /// children must not take that for the end
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
    /// @param directory itself
    /// @param pid of the parent; 0 if this process does not see it, in a pid namespace of its own
    record OfParent(Path directory, long pid) {}

    /// That of the parent, whose pid is given; null where this process does not see it, in a
    /// container of its own, say.
    static @Nullable OfParent ofParent(long pid) {
        String path = Parenthood.said(Parenthood.EXIT_SIGN);
        try {
            return path != null && Files.isDirectory(Path.of(path), LinkOption.NOFOLLOW_LINKS)
                    ? new OfParent(Path.of(path), pid) : null;
        } catch (InvalidPathException _) { // in letters that this locale does not have
            return null;
        }
    }

    /// Has what the parent has left removed when this process exits, if the parent was killed: it
    /// ends because of that, by itself or by [#sweep].
    static void sweepAtExit(OfParent parents) {
        Class<?> _ = Flock.class; // later, without a descriptor, it could not come out of a folder
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(
                    () -> sweepIfDead(parents), "ipc-channel parent removal"));
        } catch (IllegalStateException _) {
            // It exits already: the next server sweeps.
        }
    }

    /// This process is about to halt, without hooks: removes its own, and what the parent has left,
    /// if that was killed.
    static void sweep(@Nullable OfParent parents) {
        ServerDirectory made = own;
        if (made != null) {
            MAKING.lock(); // a hook may be showing it, if this process exits in order at the same time
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

    /// A process that was killed has its sockets closed one by one, and its lock: whoever hears of
    /// its end by one of them may come before that.
    private static void sweepIfDead(OfParent parents) {
        Deadline moment = Deadline.after(DYING);
        while (!ServerDirectory.sweepIfDead(parents.directory()) && parents.pid() != 0
                && ProcessTree.isEnding(parents.pid()) && !moment.isPast()) {
            Pause.of(PAUSE_NANOS);
        }
    }

    /// Waits until it is gone, and not only out of sight.
    static void awaitEnd(Path sign) {
        while (!Files.notExists(sign, LinkOption.NOFOLLOW_LINKS)) {
            Pause.of(PAUSE_NANOS);
        }
    }
}
