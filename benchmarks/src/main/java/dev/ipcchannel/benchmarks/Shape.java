package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.Slice;

/// The things that are measured of a contender.
enum Shape {

    /// A message there and its answer back: nanoseconds, less is better.
    ROUND_TRIP("roundtrip") {
        @Override
        double figure(Sample sample) {
            return sample.leader().p50();
        }

        @Override
        Slice counted(Sample sample) {
            return sample.leader();
        }
    },

    /// The same, where other messages come besides, which the follower counts too.
    QUIET("quiet") {
        @Override
        double figure(Sample sample) {
            return ROUND_TRIP.figure(sample);
        }

        @Override
        Slice counted(Sample sample) {
            return ROUND_TRIP.counted(sample);
        }
    },

    /// Messages one way as fast as they go: messages a second where they arrive, more is better.
    STREAM("stream") {
        @Override
        double figure(Sample sample) {
            return sample.follower().rate();
        }

        @Override
        Slice counted(Sample sample) {
            return sample.follower();
        }
    },

    /// The same, counted where they come from: answers that come back count there as well.
    IN_FLIGHT("stream") {
        @Override
        double figure(Sample sample) {
            return sample.leader().rate();
        }

        @Override
        Slice counted(Sample sample) {
            return sample.leader();
        }
    },

    /// Like `STREAM`, with messages of 1 MiB.
    LARGE("large") {
        @Override
        double figure(Sample sample) {
            return STREAM.figure(sample);
        }

        @Override
        Slice counted(Sample sample) {
            return STREAM.counted(sample);
        }
    },

    /// A message to bytes and these to a message, in one process: nanoseconds, less is better.
    CODING("coding") {
        @Override
        double figure(Sample sample) {
            return 1e9 / sample.leader().rate();
        }

        @Override
        Slice counted(Sample sample) {
            return sample.leader();
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

    /// What the process measured in which messages are counted.
    abstract Slice counted(Sample sample);

    /// The number that counts.
    abstract double figure(Sample sample);
}
