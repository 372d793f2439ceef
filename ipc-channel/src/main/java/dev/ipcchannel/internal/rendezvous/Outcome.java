package dev.ipcchannel.internal.rendezvous;

/// The outcome of an accept of a [Rendezvous], unless the child has caused an error of its own.
///
/// @param <T> the type of what is made of a client
public sealed interface Outcome<T> {

    /// The outcome that a client was accepted.
    record Accepted<T>(T made, long pid) implements Outcome<T> {}

    /// The outcome that the child ended, and nothing of it was in the queue.
    ///
    /// @param turnedAway a note about those that were turned away, as the end of a sentence; empty
    /// if there were none
    record ChildEnded<T>(int exitCode, String turnedAway) implements Outcome<T> {

        /// The words for what the child had not done by then, for the middle of a sentence.
        public String undone() {
            return turnedAway.isEmpty() ? "connected" : "got through";
        }
    }

    /// The outcome that the deadline came first.
    ///
    /// @param isClientThere whether a client has connected that has not brought everything yet
    /// @param turnedAway as with an end of the child
    record TimedOut<T>(boolean isClientThere, String turnedAway) implements Outcome<T> {}
}
