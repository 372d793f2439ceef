package dev.ipcchannel.call;

/// A way to serve, by the thread on which a question is answered.
enum Way {

    /// The thread that serves, which receives between two handlers.
    INLINE,

    /// One of an executor, while the thread that serves receives.
    EXECUTOR,

    /// Any one, once a question is taken. The threads that wait for questions receive, and if none
    /// does, those that have a question and look for a change of its state.
    LATER
}
