package dev.ipcchannel.worker;

import java.util.Map;

/// A job as the worker that does it sees it, until it is answered.
///
/// @param <R> the type of the answers
public interface JobContext<R> {

    /// Whether the host waits for an answer.
    boolean isBidirectional();

    /// Whether the job's answer is not wanted any more: it was cancelled, has timed out, or the
    /// host is gone. Never waits.
    boolean isCancelled();

    /// The headers of the job, by which a [dev.ipcchannel.call.ContextCarrier] of its set describes
    /// a context; an empty map if there are none. It cannot be changed.
    Map<String, String> headers();

    /// Says how far the job is. Waits where the host does not keep up.
    ///
    /// @param done how much is done
    /// @param total how much there is; 0 where that is not known
    /// @param note what a person might want to read
    /// @throws java.util.concurrent.CancellationException if the job's answer is not wanted any
    /// more; it is meant to leave it
    /// @throws dev.ipcchannel.Disconnected if the host is gone
    /// @throws IllegalStateException if the job is answered
    /// @throws InterruptedException if the thread is interrupted while it waits
    void progress(long done, long total, String note) throws InterruptedException;

    /// Sends a part of the answer. Waits where the host does not keep up. Throws what [#progress]
    /// throws.
    ///
    /// @throws dev.ipcchannel.CodecFailed if it cannot be turned into bytes
    /// @throws dev.ipcchannel.MessageTooLarge if it is too long
    void part(R value) throws InterruptedException;

    /// Has `resource` closed once the job is over: its answer is sent, or could not be, or no one
    /// waits for one any more. For [dev.ipcchannel.SharedBytes] in an answer, say, of which the
    /// host gets an object of its own:
    ///
    /// ```java
    /// Worker.serve(Page.class, SharedBytes.class,
    ///         (page, job) -> job.closeWhenSent(SharedBytes.of(render(page))));
    /// ```
    ///
    /// What was given last is closed first, and what a close throws is logged.
    ///
    /// @return the same
    /// @throws IllegalStateException if the job is answered; `resource` is closed then
    <T extends AutoCloseable> T closeWhenSent(T resource);
}
