package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.OneShotServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server and nodes that this program starts for itself, with the folder of their files. All of
/// it is gone after [#close], and when the process ends otherwise, by Ctrl-C for instance.
final class OwnCluster implements AutoCloseable {

    private final Path folder;
    private final Thread hook = new Thread(this::clear, "clear cluster");
    private final ReentrantLock lock = new ReentrantLock();
    // Inside the lock.
    private @Nullable OwnServer server;
    private @Nullable OwnNodes nodes;

    private OwnCluster(Path folder) {
        this.folder = folder;
    }

    /// Starts a server, and nodes that take jobs when this returns.
    ///
    /// @param program nats-server
    /// @throws dev.ipcchannel.IpcException if one of them cannot be started
    static OwnCluster start(Path program, CountOptions options)
            throws IOException, InterruptedException {
        OwnCluster cluster = new OwnCluster(Files.createTempDirectory("ipc-channel-cluster"));
        Runtime.getRuntime().addShutdownHook(cluster.hook);
        boolean isStarted = false;
        try {
            cluster.startServer(program, options);
            cluster.nodes().start();
            isStarted = true;
            return cluster;
        } finally {
            if (!isStarted) {
                cluster.close();
            }
        }
    }

    private void startServer(Path program, CountOptions options) throws InterruptedException {
        lock.lock(); // so a clearance that begins now knows it
        try {
            server = OwnServer.start(program, folder);
            nodes = new OwnNodes(server.url(), options, folder);
        } finally {
            lock.unlock();
        }
    }

    String url() {
        lock.lock();
        try {
            return started(server).url();
        } finally {
            lock.unlock();
        }
    }

    OwnNodes nodes() {
        lock.lock();
        try {
            return started(nodes);
        } finally {
            lock.unlock();
        }
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("it has not been started");
        }
        return part;
    }

    private void clear() {
        lock.lock();
        try {
            if (nodes != null) {
                nodes.close();
            }
            if (server != null) {
                server.close();
            }
            delete(folder);
            OneShotServer.open(String.class).close(); // removes the sockets of killed nodes
        } finally {
            lock.unlock();
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            List<Path> entries = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Ends all of it. If the process is ending, that is done by the hook, and this method does not
    /// return: there is nothing more to be said.
    @Override
    public void close() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            awaitEndOfProcess();
        }
        clear();
    }

    private static void awaitEndOfProcess() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
