package dev.ipcchannel.testing.children;

/// A job for the workers of tests.
public sealed interface Work {

    /// Is sent back.
    ///
    /// @param text to send back
    record Echo(String text) implements Work {}

    /// Is answered with the worker's pid.
    record Who() implements Work {}

    /// Is answered with what `number` is, some milliseconds later.
    ///
    /// @param number of the job
    record Nap(int number) implements Work {}

    /// Makes that file, then waits until it is cancelled, and deletes the file. Where it is
    /// interrupted, it does the same.
    ///
    /// @param file of its own
    record Wait(String file) implements Work {}

    /// Makes that file, then sleeps until it is interrupted, asks nothing, and deletes the file.
    ///
    /// @param file of its own
    record Sleep(String file) implements Work {}

    /// Makes that file, then never ends, and hears nothing.
    ///
    /// @param file of its own
    record Deaf(String file) implements Work {}

    /// Is answered in parts, numbers from 0, each with the progress before it.
    ///
    /// @param parts how many
    record Count(int parts) implements Work {}

    /// Ends the worker's process.
    ///
    /// @param code the exit code
    record Leave(int code) implements Work {}

    /// Makes that file.
    ///
    /// @param file its name
    record Touch(String file) implements Work {}

    /// Writes so much to standard output and standard error.
    ///
    /// @param lines of 100 letters, on each
    record Babble(int lines) implements Work {}

    /// Is answered with how many bytes there are on standard input, once that is at its end.
    record Input() implements Work {}

    /// Is answered by something that cannot be an answer.
    ///
    /// @param way how it fails
    record Fail(Way way) implements Work {}

    /// How a handler fails.
    enum Way {
        /// By an exception that only the worker has.
        UNHEARD,
        /// By an exception that does not say what it is.
        SPITEFUL,
        /// By an error.
        TOO_DEEP,
        /// By an answer that cannot be turned into bytes.
        UNSENDABLE,
        /// By none.
        NOTHING
    }
}
