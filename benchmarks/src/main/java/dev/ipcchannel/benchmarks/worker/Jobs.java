package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Children that do jobs, in one of the ways that are compared. Used by one thread.
interface Jobs extends AutoCloseable {

    /// Has a job done and waits for the answer.
    int call(JobMessage message) throws InterruptedException;

    /// Has a job done.
    CompletableFuture<Integer> send(JobMessage message) throws InterruptedException;

    /// The answers to an endless stream of jobs, in their order.
    ///
    /// @return null if jobs are given one by one
    default @Nullable Iterator<Integer> map(Supplier<JobMessage> source) {
        return null;
    }

    /// The count of sleeping processes that were woken through rings so far, by the host and by all
    /// children; 0 where there are no rings.
    default long bells() throws InterruptedException {
        return 0;
    }

    /// The children.
    List<Long> pids();

    @Override
    void close() throws IOException;
}
