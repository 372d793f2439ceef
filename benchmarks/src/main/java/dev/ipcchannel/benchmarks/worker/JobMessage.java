package dev.ipcchannel.benchmarks.worker;

/// A job for a worker; the answer is an `Integer`.
public sealed interface JobMessage {

    /// Steps of [Work] that take some 70 to 80 microseconds.
    int LONG = 40_000;

    /// To be added: next to no work.
    record Add(int a, int b) implements JobMessage {}

    /// Steps of Marsaglia's generator of random numbers, of which none can begin before the last
    /// one is done, nor can a compiler make one of several.
    record Work(int steps, int seed) implements JobMessage {

        /// Does it.
        public int result() {
            int value = seed | 1; // of 0 it would make nothing but 0
            for (int step = 0; step < steps; step++) {
                int left = value ^ (value << 13);
                int right = left ^ (left >>> 17);
                value = right ^ (right << 5);
            }
            return value;
        }
    }

    /// Keeps the worker for a time, and asks when it began, in microseconds.
    ///
    /// @param nanos for how long
    /// @param isSleep whether the worker sleeps, and needs no processor
    /// @param since the `System.nanoTime` to count from
    record Stay(long nanos, boolean isSleep, long since) implements JobMessage {}

    /// Asks when the worker came to a [Moment], in microseconds.
    ///
    /// @param since the `System.nanoTime` to count from: it is the same clock in all processes
    record When(Moment moment, long since) implements JobMessage {}

    /// Asks for the worker's process.
    record Pid() implements JobMessage {}

    /// Asks how often this worker has woken its host since it was asked last.
    ///
    /// @param micros how long the worker sleeps before, so that of several such jobs at once each
    ///        worker gets one
    record Bells(int micros) implements JobMessage {}

    /// A moment that a worker passes on its way to the first answer.
    enum Moment {
        /// Its `main` begins.
        MAIN,
        /// It is connected.
        CONNECTED,
        /// The first job has arrived.
        FIRST_JOB
    }
}
