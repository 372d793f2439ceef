package dev.ipcchannel.cluster;

import dev.ipcchannel.internal.base.ShownTime;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The life of a program that is a node and nothing else: it says what it does, and drains when the
/// process is asked to end.
final class NodeService {

    static final Duration LINE_EACH = Duration.ofSeconds(5);

    private final Node<?, ?> node;
    private final Duration patience;
    private final Consumer<? super String> lines;

    private final ReentrantLock lock = new ReentrantLock();
    private final StatusLines status; // inside the lock: the hook says the last line

    /// @param patience how long a drain may take
    NodeService(Node<?, ?> node, Duration patience, Consumer<? super String> lines) {
        this.node = node;
        this.patience = patience;
        this.lines = lines;
        this.status = new StatusLines(node.names().set(), node.id());
    }

    /// Serves until the node is closed. At the end of the process that is done by a hook, for which
    /// the JVM waits; the workers live on until it is through.
    void run() throws InterruptedException {
        Thread hook = new Thread(this::end, "ipc-channel node end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            say(true);
            while (!node.awaitEnd(LINE_EACH)) {
                say(false);
            }
        } finally {
            removeHook(hook);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The hook runs: it has closed the node.
        }
    }

    private void end() {
        try {
            boolean isDrained = node.drain(patience);
            say(true);
            if (!isDrained) {
                lines.accept("%s node %s: its jobs were not done within %s, and fail".formatted(
                        node.names().set(), node.id(), ShownTime.of(patience)));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            node.close();
        }
    }

    private void say(boolean isAlways) {
        lock.lock();
        try {
            NodeStats now = node.stats();
            long nanos = System.nanoTime();
            String line = isAlways ? status.line(now, nanos) : status.next(now, nanos);
            if (line != null) {
                lines.accept(line);
            }
        } finally {
            lock.unlock();
        }
    }
}
