package dev.ipcchannel.examples.common;

/// A request of a host to its workers. Both programs are compiled against this type, and neither
/// against the other.
public sealed interface HostMessage {

    /// A request for `a + b`.
    record Add(int a, int b) implements HostMessage {}

    /// A request for `a - b`.
    record Sub(int a, int b) implements HostMessage {}
}
