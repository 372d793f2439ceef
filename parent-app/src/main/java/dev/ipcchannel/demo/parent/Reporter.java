package dev.ipcchannel.demo.parent;

/// An output of the program's events for the user. Called by one thread.
interface Reporter {

    void report(Event event);

    /// Shows a mark for the next line to be typed, if a person is to see it.
    default void prompt() {}

    /// Ends the line of the mark when no line is typed after it, so that the next output begins a
    /// new line.
    default void leavePrompt() {}
}
