package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.WorkFuture;
import org.jspecify.annotations.Nullable;

/// The answer to a job. To complete it by hand cancels the job, unless that has ended before: then
/// the future is completed with what became of it.
///
/// @param <R> the type of the answers
final class JobFuture<R> extends WorkFuture<R> {

    private final HostJob<?, R> job;

    JobFuture(HostJob<?, R> job) {
        this.job = job;
    }

    @Override
    protected boolean giveUp(@Nullable R value, @Nullable Throwable failure) {
        return job.giveUp(value, failure);
    }
}
