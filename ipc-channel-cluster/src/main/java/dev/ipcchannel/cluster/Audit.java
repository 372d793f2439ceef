package dev.ipcchannel.cluster;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.internal.base.Log;
import io.nats.client.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The comparison of a process's open jobs with what the nodes and the servers have of them, so
/// that none stays open for ever.
///
/// A node that is silent for long is lost, and its idempotent jobs wait in the queue, or end. One
/// that is heard is asked from time to time whether it has the jobs that it was allowed to begin:
/// it drops those of a process that it has not heard of for long. For the same reason, after an
/// absence, the jobs that wait are looked for in the queue.
final class Audit {

    private static final int EACH = 5; // looks
    private static final int MOST_ASKED = 1_000; // jobs in one message
    private static final Duration REPLY_PATIENCE = Duration.ofSeconds(2);

    private final Engine engine;
    private final SetNames names;
    private final ClusterOptions options;
    private final Pulse pulse;
    private final Collection<? extends OpenJob<?>> open;
    private Set<Try> before = new HashSet<>(); // at the last comparison; by the thread of the timer
    private int looks;

    Audit(Engine engine, SetNames names, ClusterOptions options, Pulse pulse,
            Collection<? extends OpenJob<?>> open) {
        this.engine = engine;
        this.names = names;
        this.options = options;
        this.pulse = pulse;
        this.open = open;
    }

    /// Each second, by one thread.
    void look() {
        Map<String, List<Try>> running = new HashMap<>(); // by node
        Map<OpenJob<?>, Try> orphans = new HashMap<>();
        for (OpenJob<?> job : open) {
            Try current = job.current();
            if (current == null) {
                continue;
            }
            Duration silence = pulse.silence(current.node());
            if (silence.compareTo(options.unreachableAfter()) > 0) {
                job.lost(current.node(), silence);
                orphans.put(job, current);
            } else {
                running.computeIfAbsent(current.node(), _ -> new ArrayList<>()).add(current);
            }
        }
        if (++looks % EACH == 0) {
            compare(running);
            checkOrphans(orphans);
        }
    }

    /// Those that wait in the queue for another node are left alone.
    private void checkOrphans(Map<OpenJob<?>, Try> orphans) {
        if (!orphans.isEmpty()) {
            Thread _ = Thread.startVirtualThread(() -> orphans.forEach(
                    (job, lost) -> job.dropped(lost, engine::isThere)));
        }
    }

    private void compare(Map<String, List<Try>> running) {
        Set<Try> now = new HashSet<>();
        running.values().forEach(now::addAll);
        running.forEach((node, tries) -> {
            List<Try> asked = tries.stream().filter(before::contains).toList();
            for (int from = 0; from < asked.size(); from += MOST_ASKED) {
                ask(node, asked.subList(from, Math.min(from + MOST_ASKED, asked.size())));
            }
        });
        before = now;
    }

    private void ask(String node, List<Try> tries) {
        try {
            CompletableFuture<Message> reply = engine.connection().requestWithTimeout(
                    names.node(node), ToNode.CODEC.toBytes(
                            new ToNode.Which(tries.stream().map(Try::job).toList())),
                    REPLY_PATIENCE);
            var _ = reply.thenAcceptAsync(message -> drop(tries, message));
        } catch (RuntimeException failure) { // the connection is away, or is closed
            Log.debug("a node cannot be asked which jobs it has", failure);
        }
    }

    private void drop(List<Try> tries, Message reply) {
        try {
            Set<String> lacking =
                    Set.copyOf(ToNode.Lacking.CODEC.fromBytes(reply.getData()).jobs());
            Set<Try> dropped = new HashSet<>(tries);
            dropped.removeIf(one -> !lacking.contains(one.job()));
            for (OpenJob<?> job : dropped.isEmpty() ? List.<OpenJob<?>>of() : List.copyOf(open)) {
                Try current = job.current();
                if (current != null && dropped.contains(current)) {
                    job.dropped(current, engine::isThere);
                }
            }
        } catch (CodecFailed unreadable) {
            Log.warningOfPeer("a reply of a node cannot be read, and is dropped", unreadable);
        }
    }

    /// Nothing was heard for so long.
    void returned(Duration absence) {
        if (absence.multipliedBy(2).compareTo(options.cancelledAfter()) > 0) { // no clock is exact
            Thread _ = Thread.startVirtualThread(
                    () -> List.copyOf(open).forEach(job -> job.checkQueue(engine::isThere)));
        }
    }

    @Override
    public String toString() {
        return "Audit[%s, open=%d]".formatted(names.set(), open.size());
    }
}
