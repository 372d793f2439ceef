package dev.ipcchannel.examples.common;

/// A question of a host to its workers. Both programs are compiled against this, and neither
/// against the other.
public sealed interface HostMessage {

    /// Asks for `a + b`.
    record Add(int a, int b) implements HostMessage {}

    /// Asks for `a - b`.
    record Sub(int a, int b) implements HostMessage {}
}
