package dev.ipcchannel.benchmarks;

/// The two things that are measured of a contender.
enum Shape {

    /// A message there and its answer back: nanoseconds, less is better.
    ROUND_TRIP("roundtrip") {
        @Override
        double figure(Sample sample) {
            return sample.leader().p50();
        }
    },

    /// Messages one way as fast as they go: messages a second where they arrive, more is better.
    STREAM("stream") {
        @Override
        double figure(Sample sample) {
            return sample.follower().rate();
        }
    };

    private final String command;

    Shape(String command) {
        this.command = command;
    }

    /// The word that workers know it by.
    String command() {
        return command;
    }

    /// The number that counts.
    abstract double figure(Sample sample);
}
