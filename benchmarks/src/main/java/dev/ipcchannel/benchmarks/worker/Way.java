package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;

/// A way for messages of one type to the other process, and one back. Used by one thread, but for
/// [#open].
///
/// @param <T> the type of the messages
interface Way<T> extends AutoCloseable {

    /// What the other process needs to connect, known before it does.
    String address();

    /// Connects, waiting for the other process.
    void open() throws InterruptedException;

    /// Sends a message, waiting for room.
    void send(T message) throws InterruptedException;

    /// Waits for a message.
    T receive() throws InterruptedException;

    @Override
    void close() throws IOException;
}
