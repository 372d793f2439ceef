package dev.ipcchannel.worker;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.job.JobTypes;

/// The types of the messages of a set, for tests elsewhere of what is said of them.
///
/// @param requests what the set sends
/// @param replies what it receives
public record SetMessages(TypeToken<?> requests, TypeToken<?> replies) {

    /// Those of a set whose jobs and answers are of these types.
    public static SetMessages of(Class<?> data, Class<?> answers) {
        JobTypes<?, ?> types = JobTypes.of(TypeToken.of(data), TypeToken.of(answers));
        return new SetMessages(types.requests(), types.replies());
    }
}
