package dev.ipcchannel.internal.job;

/// The request of a process of the model to the world. The world answers with one number.
sealed interface RecallRequest {

    /// The answer to a wait for a change where the other side has ended.
    long END = -1;

    /// The answer to a wait for a change where the host is to take back.
    long RECALL = -2;

    /// Loads one of the two marks.
    record Load(int word) implements RecallRequest {}

    /// Stores one of the two marks, with release.
    record Store(int word, long value) implements RecallRequest, Effect {}

    /// Goes on once all that the process has stored and sent is visible.
    record Fence() implements RecallRequest {}

    /// Commits a message to the ring to the other side, which is a store with release.
    record Send(long message) implements RecallRequest, Effect {}

    /// Waits for the next message, or the end after the last one; the answer is the message or
    /// [#END].
    ///
    /// @param mayRecall whether [#RECALL] is an answer, too
    /// @param isHasty whether [#END] may come before the messages that are there
    record Await(boolean mayRecall, boolean isHasty) implements RecallRequest {}

    /// Chooses for itself: the answer is 0 or 1.
    record Choose() implements RecallRequest {}

    /// Note of the world about a job.
    ///
    /// @param job its number
    record Note(Fact fact, int job) implements RecallRequest {}

    /// Asks the world for the job whose handler the worker stands in, 0 if in none: for a check.
    record AskWhatRuns() implements RecallRequest {}

    /// Never does anything again.
    record Stop() implements RecallRequest {}

    /// Has seen what may never be seen.
    record Alarm(String text) implements RecallRequest {}

    /// A step that the other side sees later, in the order of the steps.
    sealed interface Effect permits Store, Send, Ended {}

    /// The end of the worker's process, as its host sees it: after all that it had stored.
    record Ended() implements Effect {}

    /// Fact about a job.
    enum Fact {

        /// The worker's handler of it begins.
        RUNS,

        /// The worker's handler of it returns.
        RETURNS,

        /// The host has its result.
        HAS_RESULT,

        /// The host has it again and gives it to another worker, which runs it.
        IS_GIVEN_AWAY,

        /// The host says that its worker had begun it when it died.
        IS_SAID_BEGUN
    }
}
