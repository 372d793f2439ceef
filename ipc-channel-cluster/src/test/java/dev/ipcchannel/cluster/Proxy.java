package dev.ipcchannel.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A piece of network between a process and a server, which may be cut: then no byte passes in
/// either direction, and no end of a connection is seen, until it is mended.
final class Proxy implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private boolean isCut; // inside the lock
    private boolean isClosed; // inside the lock

    private Proxy(int target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /// Starts one in front of a port of this machine.
    static Proxy to(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Proxy proxy = new Proxy(port, listener);
        Thread _ = Thread.startVirtualThread(proxy::accept);
        return proxy;
    }

    String url() {
        return "nats://127.0.0.1:" + listener.getLocalPort();
    }

    void cut() {
        set(true);
    }

    void mend() {
        set(false);
    }

    private void set(boolean cut) {
        lock.lock();
        try {
            isCut = cut;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                Thread _ = Thread.startVirtualThread(() -> connect(client));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void connect(Socket client) {
        try {
            awaitWhole();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            Thread _ = Thread.startVirtualThread(() -> pass(client, server));
            Thread _ = Thread.startVirtualThread(() -> pass(server, client));
        } catch (IOException | InterruptedException _) {
            end(client);
        }
    }

    private void awaitWhole() throws InterruptedException {
        lock.lock();
        try {
            while (isCut && !isClosed) {
                change.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = from.getInputStream().read(buffer); count >= 0; count =
                    from.getInputStream().read(buffer)) {
                awaitWhole();
                to.getOutputStream().write(buffer, 0, count);
            }
            awaitWhole();
        } catch (IOException | InterruptedException _) {
            // One of the two is gone.
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        try {
            awaitWhole();
            socket.close();
        } catch (IOException | InterruptedException _) {
            // It is gone all the same.
        }
        sockets.remove(socket);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            isClosed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        listener.close();
        sockets.forEach(this::end);
    }
}
