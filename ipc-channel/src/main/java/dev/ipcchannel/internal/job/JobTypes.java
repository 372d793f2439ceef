package dev.ipcchannel.internal.job;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import java.util.List;

/// The types of jobs and answers, and of the messages between a set and its workers.
///
/// @param data of the jobs
/// @param answers to them
/// @param requests to a worker
/// @param replies from it
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
public record JobTypes<Q, R>(TypeToken<Q> data, TypeToken<R> answers,
        TypeToken<Request<Task<Q>>> requests, TypeToken<Reply<Outcome<R>>> replies) {

    /// The types for jobs with these types of data and answers.
    ///
    /// @throws IllegalArgumentException if there is no value of the answers' type
    public static <Q, R> JobTypes<Q, R> of(TypeToken<Q> data, TypeToken<R> answers) {
        if (answers.type() == Void.class || answers.type() == void.class) {
            throw new IllegalArgumentException("a type must have values: answers="
                    + answers.type().getTypeName() + ": name one such as Boolean; jobs that need no"
                    + " answer are given by WorkerSet.tell, whatever the type of the answers");
        }
        TypeToken<Task<Q>> task = TypeToken.of(Task.class, List.of(data));
        TypeToken<Outcome<R>> outcome = TypeToken.of(Outcome.class, List.of(answers));
        return new JobTypes<>(data, answers, TypeToken.of(Request.class, List.of(task)),
                TypeToken.of(Reply.class, List.of(outcome)));
    }
}
