package dev.ipcchannel.internal.wait;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.MadeOnce;
import dev.ipcchannel.internal.base.SharedThread;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Event;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A background thread that the kernel notifies of arrivals on sockets. The process's own watcher
/// ([#instance]) reports announcements and deaths to the ends of channels while these do not sleep
/// on their sockets themselves, and wakes virtual threads, which cannot sleep there. Members of a
/// name have another one ([#start(String)]).
///
/// It sleeps in the kernel as long as nothing happens, except while the JVM goes down, see
/// [ShutdownSignal].
///
/// It keeps its targets by weak references. It is a daemon and never runs user code.
public final class Watcher {

    /// The target of notifications.
    public interface Watched {

        /// Notifies of an arrival on the watched socket, or of its peer's end. Called on the
        /// watcher's thread, which it must not block: at the process's own watcher it sets a flag,
        /// unparks a thread and returns; at another one it may also read the arrival.
        ///
        /// @param isEnd whether the peer is gone
        void onSignal(boolean isEnd);
    }

    private static final long SHUTDOWN_TOKEN = 0; // no target has this token

    private static final MadeOnce<Watcher> INSTANCE = new MadeOnce<>() {
        @Override
        protected Watcher make() {
            return start("ipc-channel watcher");
        }
    };

    private final Epoll epoll;
    private final ConcurrentHashMap<Long, WeakReference<Watched>> watched =
            new ConcurrentHashMap<>();
    private final AtomicLong lastToken = new AtomicLong(SHUTDOWN_TOKEN);

    private Watcher(Epoll epoll) {
        this.epoll = epoll;
    }

    /// The process's watcher, started by the first call.
    public static Watcher instance() {
        return INSTANCE.get();
    }

    /// Notifies `target` of a socket from now on.
    ///
    /// @return the token for [#change] and [#unwatch], which then need not allocate one
    public Long watch(Descriptor socket, Epoll.Interest interest, Watched target) {
        Long token = lastToken.incrementAndGet();
        watch(socket, interest, target, token);
        return token;
    }

    /// Notifies of other events of a socket from now on, also of those that are there already.
    public void change(Descriptor socket, Epoll.Interest interest, Long token) {
        epoll.change(socket, interest, token);
    }

    /// Notifies `target` of a socket from now on, with a token of [#newToken].
    public void watch(Descriptor socket, Epoll.Interest interest, Watched target, Long token) {
        watched.put(token, new WeakReference<>(target)); // first: a notification may come at once
        try {
            epoll.add(socket, interest, token);
        } catch (RuntimeException | Error failure) {
            watched.remove(token);
            throw failure;
        }
    }

    /// Stops notifying. Called before the close of `socket`.
    public void unwatch(Descriptor socket, Long token) {
        try {
            epoll.remove(socket);
        } finally {
            watched.remove(token);
        }
    }

    /// A token for a target that may be notified before [#watch] could return one.
    public Long newToken() {
        return lastToken.incrementAndGet();
    }

    /// Starts another watcher, for targets that do more than set a flag.
    ///
    /// @param name of its thread
    public static Watcher start(String name) {
        Watcher watcher = make();
        new SharedThread(watcher::run, name).start();
        return watcher;
    }

    private static Watcher make() {
        Epoll epoll = new Epoll();
        Event shutdown = null;
        try {
            shutdown = new Event();
            epoll.add(shutdown.descriptor(), Epoll.Interest.ARRIVALS, SHUTDOWN_TOKEN);
            Watcher watcher = new Watcher(epoll);
            ShutdownSignal.add(shutdown::signal); // last: while it is registered, the event is open
            return watcher;
        } catch (RuntimeException | Error failure) {
            epoll.close();
            if (shutdown != null) {
                shutdown.descriptor().close();
            }
            throw failure;
        }
    }

    private void run() {
        while (true) {
            try {
                int count = epoll.await(!ShutdownSignal.isUnderWay());
                for (int i = 0; i < count; i++) {
                    signal(epoll.token(i), epoll.isEnd(i));
                }
            } catch (RuntimeException | Error failure) {
                report(failure);
            }
            if (ShutdownSignal.isUnderWay()) {
                ShutdownSignal.pause(Long.MAX_VALUE);
            }
        }
    }

    private void signal(long token, boolean isEnd) {
        WeakReference<Watched> reference = watched.get(token);
        Watched target = reference == null ? null : reference.get();
        if (target == null) {
            return;
        }
        try {
            target.onSignal(isEnd);
        } catch (RuntimeException | Error failure) { // the other targets are still notified
            report(failure);
        }
    }

    /// Logs a failure. None is expected; a watcher goes on after each.
    private static void report(Throwable failure) {
        Log.error("a background thread of ipc-channel met an unexpected failure", failure);
    }
}
