package dev.ipcchannel.cluster;

import dev.ipcchannel.Codec;

/// A message of a node to the process that has asked for a job. All but [Step] are answered by a
/// [Reply], and sent again until they are; a copy of one that was seen changes nothing.
sealed interface ToAsker {

    Codec<ToAsker> CODEC = Codec.of(ToAsker.class);

    /// The try that it is about.
    Try about();

    /// Asks whether a job may be begun.
    record MayBegin(Try about) implements ToAsker {}

    /// A part of the answer.
    ///
    /// @param position counts from 0
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way, never compared
    record Part(Try about, long position, byte[] value) implements ToAsker {}

    /// A report of how far the job is. The latest one counts, and one may be lost.
    record Step(Try about, long done, long total, String note) implements ToAsker {}

    /// The end of the job.
    ///
    /// @param parts how many there were
    record Ended(Try about, long parts, Ending ending) implements ToAsker {}

    /// The answer to such a message.
    sealed interface Reply {

        Codec<Reply> CODEC = Codec.of(Reply.class);

        /// The job may be begun.
        ///
        /// @param remainingMillis how much time it has; negative if there is no limit
        /// @param isRestarted whether its worker is replaced when that passes
        record Begin(long remainingMillis, boolean isRestarted) implements Reply {}

        /// The job must not be begun: it has ended, or was begun before.
        record Refused() implements Reply {}

        /// The job must not be begun any more, and belongs into the quarantine.
        record Quarantined() implements Reply {}

        /// All before that position has arrived: parts, or all parts and the end.
        record Confirmed(long position) implements Reply {}
    }
}
