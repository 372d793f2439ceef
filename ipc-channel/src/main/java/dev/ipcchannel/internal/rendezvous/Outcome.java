package dev.ipcchannel.internal.rendezvous;

/// The outcome of an accept of a [Rendezvous], if the child did not do something that is an error
/// of its own.
///
/// @param <T> the type of what is made of a client
public sealed interface Outcome<T> {

    /// A client is there.
    record Accepted<T>(T made, long pid) implements Outcome<T> {}

    /// The child ended, and nothing of it was in the queue.
    ///
    /// @param turnedAway a note of those that were turned away, to be put after a sentence; empty
    /// if none was
    record ChildEnded<T>(int exitCode, String turnedAway) implements Outcome<T> {

        /// What the child had not done by then, in the middle of a sentence.
        public String undone() {
            return turnedAway.isEmpty() ? "connected" : "got through";
        }
    }

    /// The deadline came first.
    ///
    /// @param isClientThere whether one has connected that has not brought what it has to so far
    /// @param turnedAway as with an end of the child
    record TimedOut<T>(boolean isClientThere, String turnedAway) implements Outcome<T> {}
}
