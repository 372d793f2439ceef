package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Ours without a set: a message to the only child, and one back.
final class LinkJobs implements Jobs {

    private final ChildLink<JobMessage, Integer> child;

    /// @param worker how a [LinkedWorker] is started
    LinkJobs(ChildJvm worker) throws InterruptedException {
        this.child = worker.start(JobMessage.class, Integer.class);
    }

    @Override
    public int call(JobMessage message) throws InterruptedException {
        child.send(message);
        return child.receive();
    }

    @Override
    public CompletableFuture<Integer> send(JobMessage message) throws InterruptedException {
        return CompletableFuture.completedFuture(call(message));
    }

    @Override
    public List<Long> pids() {
        return List.of(child.process().pid());
    }

    @Override
    public void close() {
        child.close();
    }
}
