package dev.ipcchannel.worker;

import dev.ipcchannel.call.Question;
import dev.ipcchannel.call.Responder;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.transport.AwaitedChild;
import java.util.Objects;

/// A worker in the hands of a test.
///
/// @param process sleeps
/// @param responder what the worker would have
/// @param link the set's side of it
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
record Puppet<Q, R>(AwaitedChild process, Responder<Task<Q>, Outcome<R>> responder,
        PropLink<?, ?> link) {

    long pid() {
        return process.process().pid();
    }

    /// The next job that it is given, with which it begins.
    Question<Task<Q>, Outcome<R>> begin() throws InterruptedException {
        Question<Task<Q>, Outcome<R>> job =
                Objects.requireNonNull(responder.receive(Children.PATIENCE));
        if (job.value() instanceof Task.WarmUp<Q>) {
            job.end();
            return begin();
        }
        job.part(new Outcome.Started<>(0, false));
        return job;
    }

    /// What is to be done.
    static <Q> Q data(Question<Task<Q>, ?> job) {
        return ((Task.Work<Q>) job.value()).data();
    }

    /// Does the next job.
    void answer(R value) throws InterruptedException {
        begin().send(new Outcome.Value<>(value));
    }

    /// Its process is killed, and its link stays.
    void kill() {
        process.process().destroyForcibly();
        var _ = process.onExit().join();
    }

    /// Its process is killed, and its link ends.
    void die() {
        kill();
        responder.close();
    }
}
