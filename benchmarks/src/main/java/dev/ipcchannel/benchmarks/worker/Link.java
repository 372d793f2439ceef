package dev.ipcchannel.benchmarks.worker;

import java.io.IOException;

/// One process's end of a contender: how it sends and receives the messages of [Payload].
///
/// The leader calls [#exchange], [#send] and [#stop]; the follower calls [#answer] and [#drain]
/// until [#isStopped]. Each checks every message that it receives and throws an
/// `IllegalStateException` if it is not the one expected. Used by one thread, but for [#open].
interface Link extends AutoCloseable {

    /// What the other process needs to connect, known before it does.
    String address();

    /// Connects, waiting for the other process.
    void open() throws Exception;

    /// Starts counting from zero.
    void restart();

    /// What comes before each [#exchange] and is not measured with it: nothing, as a rule.
    default void prepare() {}

    /// Sends the next message, waits for the answer and checks it.
    void exchange(long sequence) throws Exception;

    /// Receives a message, checks it and sends it back.
    void answer() throws Exception;

    /// Sends the next message of a stream.
    void send(long sequence) throws Exception;

    /// Waits for a message and checks all that are there, up to [#DRAIN_LIMIT].
    ///
    /// @return how many
    int drain() throws Exception;

    /// The most messages of one [#drain].
    int DRAIN_LIMIT = 256;

    /// Messages between two looks at whether the slice is over.
    default int batch() {
        return 256;
    }

    /// Notifies the follower that the slice is over.
    void stop() throws Exception;

    /// Whether the message that ends a slice has come.
    boolean isStopped();

    @Override
    void close() throws IOException;
}
