package dev.ipcchannel.benchmarks;

/// The run is worth nothing: a process failed, or a message was not the one that was sent.
final class BenchFailure extends RuntimeException {

    BenchFailure(String message) {
        super(message);
    }
}
