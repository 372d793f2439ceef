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

/// A background thread that the kernel notifies of what arrives on sockets. The process's own
/// ([#instance]) notifies ends of announcements and deaths while they are not asleep on their
/// sockets themselves, and wakes virtual threads, which cannot sleep there; what meets others by
/// name has another ([#start(String)]).
///
/// It sleeps in the kernel as long as nothing happens; but not while the JVM goes down, see
/// [ShutdownSignal].
///
/// What it watches it does not keep alive. It is a daemon and never runs user code.
public final class Watcher {

    /// The target of notifications.
    public interface Watched {

        /// Something arrived on the watched socket, or its peer is gone. Called on the watcher's
        /// thread, where it waits for nothing: at the process's own it sets a flag, unparks a
        /// thread and returns; at another it may read what has arrived as well.
        ///
        /// @param isEnd whether the peer is gone
        void onSignal(boolean isEnd);
    }

    private static final long SHUTDOWN_TOKEN = 0; // no target has it

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

    /// The process's watcher, started at the first call.
    public static Watcher instance() {
        return INSTANCE.get();
    }

    /// Notifies `target` of a socket from now on.
    ///
    /// @return the token for [#change] and [#unwatch], which needs no room in the heap then
    public Long watch(Descriptor socket, Epoll.Interest interest, Watched target) {
        Long token = lastToken.incrementAndGet();
        watch(socket, interest, target, token);
        return token;
    }

    /// Notifies of something else of a socket from now on, of what is so already as well.
    public void change(Descriptor socket, Epoll.Interest interest, Long token) {
        epoll.change(socket, interest, token);
    }

    /// The same with a token of [#newToken].
    public void watch(Descriptor socket, Epoll.Interest interest, Watched target, Long token) {
        watched.put(token, new WeakReference<>(target)); // first: a notification may come at once
        try {
            epoll.add(socket, interest, token);
        } catch (RuntimeException | Error failure) {
            watched.remove(token);
            throw failure;
        }
    }

    /// Notifies no more. Comes before the close of `socket`.
    public void unwatch(Descriptor socket, Long token) {
        try {
            epoll.remove(socket);
        } finally {
            watched.remove(token);
        }
    }

    /// For a target that is notified before it could learn its token from [#watch].
    public Long newToken() {
        return lastToken.incrementAndGet();
    }

    /// Another one, for what takes longer than a flag.
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
            ShutdownSignal.add(shutdown::signal); // last: the event is open as long as it is known
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
        } catch (RuntimeException | Error failure) { // the others are notified all the same
            report(failure);
        }
    }

    /// Nothing here is expected to fail; a watcher never gives up.
    private static void report(Throwable failure) {
        Log.error("a background thread of ipc-channel met an unexpected failure", failure);
    }
}
