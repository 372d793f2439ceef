package dev.ipcchannel.testing.children;

/// A job for the workers of tests.
public sealed interface Work {

    /// A job that is sent back.
    ///
    /// @param text to send back
    record Echo(String text) implements Work {}

    /// A job that is answered with the worker's pid.
    record ReadPid() implements Work {}

    /// A job that is answered with `number` some milliseconds later.
    ///
    /// @param number of the job
    record Nap(int number) implements Work {}

    /// A job that makes a file, waits until it is cancelled or interrupted, and deletes the file.
    ///
    /// @param file of its own
    record Wait(String file) implements Work {}

    /// A job that makes a file, sleeps until it is interrupted, without asking whether it is
    /// cancelled, and deletes the file.
    ///
    /// @param file of its own
    record Sleep(String file) implements Work {}

    /// A job that makes a file, then never ends, without noticing a cancel or interrupt.
    ///
    /// @param file of its own
    record Deaf(String file) implements Work {}

    /// A job that is answered in parts, numbers from 0, each with the progress before it.
    ///
    /// @param parts how many
    record Count(int parts) implements Work {}

    /// A job that ends the worker's process.
    ///
    /// @param code the exit code
    record Leave(int code) implements Work {}

    /// A job that makes a file.
    ///
    /// @param file the file's name
    record Touch(String file) implements Work {}

    /// A job that adds a line to a file: the worker's pid and a number; and is answered with the
    /// pid.
    ///
    /// @param file the file's name
    /// @param number of the job
    record Note(String file, int number) implements Work {}

    /// A job that is answered with the latest moment of the jobs of this kind that its worker has
    /// done before it; 0 if it is the first.
    ///
    /// @param moment when it was given, in nanoseconds since a moment that is the same for all
    record Given(long moment) implements Work {}

    /// A job that keeps memory from then on, and is answered with the worker's pid.
    ///
    /// @param megabytes how many
    record Keep(int megabytes) implements Work {}

    /// A job that fills memory outside of the JVM's areas, which is freed after it, and is answered
    /// with the worker's pid.
    ///
    /// @param megabytes how many
    record Fill(int megabytes) implements Work {}

    /// A job that is answered with the most bytes that the worker's heap may have.
    record ReadHeap() implements Work {}

    /// A job that writes much to standard output and standard error.
    ///
    /// @param lines of 100 letters, on each
    record Babble(int lines) implements Work {}

    /// A job that is answered with the number of bytes on standard input, once that is at its end.
    record Input() implements Work {}

    /// A job that is answered by something that cannot be an answer.
    ///
    /// @param way how it fails
    record Fail(Way way) implements Work {}

    /// The way in which a handler fails.
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
