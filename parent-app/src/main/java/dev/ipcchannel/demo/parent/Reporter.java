package dev.ipcchannel.demo.parent;

/// Tells the user what happens. Called by one thread.
interface Reporter {

    void report(Event event);

    /// The next line may be typed: a mark for it, if a person is to see that.
    default void prompt() {}

    /// No line is typed after the mark: what follows begins a line of its own.
    default void leavePrompt() {}
}
