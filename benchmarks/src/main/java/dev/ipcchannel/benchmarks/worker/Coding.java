package dev.ipcchannel.benchmarks.worker;

/// A way to turn messages into bytes and these into messages, in one process.
interface Coding {

    /// Turns all of `readings` into bytes, one after the other.
    void encode(Reading[] readings);

    /// Turns the bytes of the last [#encode] into as many messages.
    void decode(Reading[] copies);

    /// The bytes of the last [#encode].
    byte[] bytes();
}
