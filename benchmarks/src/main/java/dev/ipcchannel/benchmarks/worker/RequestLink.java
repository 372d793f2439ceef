package dev.ipcchannel.benchmarks.worker;

/// A link that makes something anew for each request, so that it has no stream of messages: each is
/// answered before the next.
interface RequestLink extends Link {

    @Override
    default int batch() {
        return 1;
    }

    @Override
    default void send(long sequence) throws Exception {
        exchange(sequence);
    }

    @Override
    default int drain() throws Exception {
        answer();
        return 1;
    }

    @Override
    default void stop() throws Exception {
        exchange(Payload.STOP);
    }
}
