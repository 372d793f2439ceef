package dev.ipcchannel.cluster;

/// A job for a [DeedWorker].
sealed interface Deed {

    /// Answers with the same text in upper case.
    record Shout(String text) implements Deed {}

    /// Throws.
    record Fail(String message) implements Deed {}

    /// Ends the worker.
    record Die(int code) implements Deed {}

    /// Writes a line into a file, and then waits until a file of another name is there.
    record Wait(String begun, String until) implements Deed {}

    /// Writes a line into a file, works for that long, and answers with the name of the file.
    record Work(String begun, int millis) implements Deed {}

    /// Writes a line with the worker's process id into a file, and then waits until a file is there
    /// whose name has that id at its end. Answers with the id.
    record Race(String begun, String until) implements Deed {}

    /// Sends progress and parts, as many as said, then answers.
    record Count(int parts) implements Deed {}

    /// Answers with the headers of the job.
    record Context() implements Deed {}
}
