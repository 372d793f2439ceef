package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The nodes that this program starts, kills and replaces: each a [WordNode], which ends with this
/// process, even if that is killed.
///
/// One thread uses it, except for [#close], which any may call.
final class OwnNodes implements AutoCloseable {

    /// How many there are at once.
    static final int AT_ONCE = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(60); // until one is ready
    private static final int PAUSE_MILLIS = 20; // of each text

    private final String url;
    private final CountOptions options;
    private final Path folder;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Node> all = new ArrayList<>(); // changed inside the lock

    /// A node.
    static final class Node {

        private final int number;
        private final ChildLink<String, String> link;
        private final CompletableFuture<String> ready;
        private volatile boolean isKilled;

        private Node(int number, ChildLink<String, String> link) {
            this.number = number;
            this.link = link;
            this.ready = CompletableFuture.supplyAsync(() -> {
                try {
                    return link.receive(PATIENCE); // its id
                } catch (InterruptedException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }, Thread::startVirtualThread);
        }

        int number() {
            return number;
        }

        long pid() {
            return link.process().pid();
        }

        /// Whether this program has killed it.
        boolean isKilled() {
            return isKilled;
        }

        boolean isAlive() {
            return link.process().isAlive();
        }

        /// Waits until it takes jobs.
        ///
        /// @throws IpcException if it has ended instead
        private void awaitReady() throws InterruptedException {
            try {
                String _ = ready.get();
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof IpcException failure) {
                    throw failure;
                }
                throw new IllegalStateException(failed.getCause());
            }
        }
    }

    /// @param url of the server
    /// @param folder for what the nodes print
    OwnNodes(String url, CountOptions options, Path folder) {
        this.url = url;
        this.options = options;
        this.folder = folder;
    }

    /// Starts all, and waits until they take jobs.
    ///
    /// @throws IpcException if one cannot be started
    void start() throws InterruptedException {
        for (int i = 0; i < AT_ONCE; i++) {
            Node _ = startOne();
        }
        awaitReady();
    }

    /// Starts one; see [#awaitReady].
    Node startOne() throws InterruptedException {
        lock.lock(); // so a close that begins now knows it
        try {
            int number = all.size() + 1;
            Output file = Output.toFile(folder.resolve("node-%d.log".formatted(number)));
            Node node = new Node(number, ChildJvm.of(WordNode.class)
                    .arguments("--set", options.shared().set(), "--ack-wait",
                            String.valueOf(options.shared().ackWait().toSeconds()), "--patience",
                            "1", "--workers", String.valueOf(options.workers()), "--pause",
                            String.valueOf(PAUSE_MILLIS), url)
                    .shortLived().output(file).errors(file).start(String.class, String.class));
            all.add(node);
            return node;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all that were not killed take jobs.
    ///
    /// @throws IpcException if one has ended by itself
    void awaitReady() throws InterruptedException {
        for (Node node : all) {
            if (!node.isKilled) {
                node.awaitReady();
            }
        }
    }

    /// Kills the node that has been there longest (SIGKILL). Its workers see that and end.
    Node killOne() {
        Node victim = all.stream().filter(node -> !node.isKilled).findFirst().orElseThrow();
        victim.isKilled = true;
        var _ = victim.link.process().process().destroyForcibly();
        return victim;
    }

    /// All that there have been.
    Stream<Node> all() {
        return all.stream();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            for (Node node : all) {
                node.link.process().kill();
                node.link.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
