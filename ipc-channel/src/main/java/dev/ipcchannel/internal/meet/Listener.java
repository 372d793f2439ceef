package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.wait.Watcher;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The socket on which a member is found. The thread on which this process meets others accepts.
final class Listener implements Watcher.Watched {

    /// The name of a thread that looks again.
    static final String RETRY = "ipc-channel listener";

    private static final long RETRY_NANOS = 100_000_000;

    private final String name;
    private final Consumer<Descriptor> accepted;
    private final Descriptor socket;
    private final Long token = MeetingThread.thread().newToken();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean isRetrying; // this and the next are guarded by the lock
    private boolean isClosed;

    private Listener(String name, Consumer<Descriptor> accepted, Descriptor socket) {
        this.name = name;
        this.accepted = accepted;
        this.socket = socket;
    }

    /// Listens at `path`, which does not exist yet.
    ///
    /// @param name for the log
    /// @param accepted gets each connection of a process of this user, and takes it over
    static Listener open(String name, String path, Consumer<Descriptor> accepted) {
        Listener listener = new Listener(name, accepted, Sockets.listen(path));
        try {
            MeetingThread.thread().watch(listener.socket, Epoll.Interest.ARRIVALS, listener,
                    listener.token);
            return listener;
        } catch (RuntimeException | Error failure) {
            Sockets.endListener(listener.socket);
            throw failure;
        }
    }

    @Override
    public void onSignal(boolean isEnd) {
        try {
            for (int i = 0; i < MeetingThread.MAX_AT_ONCE; i++) {
                Descriptor connection = accept();
                if (connection == null) {
                    return;
                }
                vet(connection);
            }
            acceptNext(); // after other sockets
        } catch (PosixException | OutOfMemoryError failure) {
            Log.warning("a process that looked for this one by name is not accepted yet",
                    "name=" + name, failure);
            lookAgain();
        }
    }

    /// Looks again later: connections that stay in the queue are not signalled again. Only one look
    /// waits at a time, because each further connection fails as well, and would start another.
    void lookAgain() {
        if (!mayRetry()) {
            return;
        }
        boolean isStarted = false;
        try {
            Thread.ofVirtual().name(RETRY).start(this::retry);
            isStarted = true;
        } finally {
            if (!isStarted) {
                endRetry(false); // the next connection starts a look
            }
        }
    }

    private boolean mayRetry() {
        lock.lock();
        try {
            boolean isFirst = !isRetrying && !isClosed;
            isRetrying |= isFirst;
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    private void retry() {
        Pause.of(RETRY_NANOS);
        endRetry(true);
    }

    private void endRetry(boolean isLook) {
        lock.lock();
        try {
            isRetrying = false; // first: the look may come at once, and fail
            if (isLook) {
                acceptNext();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes the waiting connections be signalled again.
    private void acceptNext() {
        lock.lock();
        try {
            if (!isClosed) {
                MeetingThread.thread().change(socket, Epoll.Interest.ARRIVALS, token);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Descriptor accept() {
        lock.lock();
        try {
            return isClosed ? null : Sockets.accept(socket);
        } finally {
            lock.unlock();
        }
    }

    private void vet(Descriptor connection) {
        boolean isOurs = false;
        try {
            isOurs = Sockets.peer(connection).uid() == Users.effective();
            if (isOurs) {
                accepted.accept(connection);
            }
        } finally {
            if (!isOurs) {
                Sockets.hangUp(connection);
            }
        }
    }

    void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            MeetingThread.thread().unwatch(socket, token);
        } finally {
            lock.unlock();
        }
        Sockets.endListener(socket);
    }
}
