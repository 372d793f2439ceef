package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Children that do jobs, in one of the ways that are compared. Used by one thread.
interface Jobs extends AutoCloseable {

    /// Has a job done and waits for the answer.
    int call(JobMessage message) throws InterruptedException;

    /// Has a job done.
    CompletableFuture<Integer> send(JobMessage message) throws InterruptedException;

    /// The children.
    List<Long> pids();

    @Override
    void close() throws IOException;
}
