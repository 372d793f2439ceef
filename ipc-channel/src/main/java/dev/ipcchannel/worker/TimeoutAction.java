package dev.ipcchannel.worker;

/// The fate of a worker whose job has not been answered in time. The job itself fails in either
/// case.
public enum TimeoutAction {

    /// It is killed, after a dump of its threads was taken, and another one takes its place.
    RESTART,

    /// It is notified that its answer is not wanted, which interrupts the handler, and gets its
    /// next job when it has ended this one.
    ERROR
}
