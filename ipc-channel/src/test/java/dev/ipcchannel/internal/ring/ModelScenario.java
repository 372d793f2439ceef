package dev.ipcchannel.internal.ring;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The actions of the two processes of the model, their hardware, and the order that is taken away.
///
/// @param payloadLengths of the messages that the writer sends, in bytes: whole words, one at least
/// @param readerLimit how many messages the reader reads before it stops
record ModelScenario(int capacity, long firstPosition, List<Integer> payloadLengths,
        int readerLimit, Set<Habit> habits, Hardware hardware, ModelMutant mutant) {

    /// A thing that a process may do besides.
    enum Habit {

        /// The writer closes after its last message. Otherwise it stays, idle: no end-of-file hides
        /// a lost wake-up.
        WRITER_CLOSES,

        /// The reader closes at its limit. Otherwise it stays, idle.
        READER_CLOSES,

        /// The reader gives space back only before it sleeps and when it sees the writer asleep.
        READER_BATCHES,

        /// After its first message the reader moves: a new one goes on at its position, with an
        /// empty memory.
        READER_MOVES,

        /// One wait, of either process, ends by a timeout. A writer then gives its message up and
        /// goes on with the next.
        A_WAIT_TIMES_OUT,

        /// A socket's queue holds one packet. A bell that finds it full is dropped, because its
        /// sleeper wakes up anyway.
        QUEUES_ARE_SHORT
    }

    /// The order in which a process's stores become visible to the other process.
    enum Hardware {

        /// One after the other: total store order.
        X86_64,

        /// In any order, but a release waits for all before it, and stores to the same word keep
        /// their order. Every order of x86-64 is among these.
        AARCH64
    }

    /// Messages from the first byte of a ring of two lines on. No side closes; the hardware is the
    /// weaker one.
    static ModelScenario sending(Integer... payloadLengths) {
        return new ModelScenario(128, 0, List.of(payloadLengths), Integer.MAX_VALUE,
                EnumSet.noneOf(Habit.class), Hardware.AARCH64, ModelMutant.NONE);
    }

    ModelScenario inRing(int otherCapacity, long otherPosition) {
        return new ModelScenario(otherCapacity, otherPosition, payloadLengths, readerLimit, habits,
                hardware, mutant);
    }

    ModelScenario readingOnly(int limit) {
        return new ModelScenario(capacity, firstPosition, payloadLengths, limit, habits, hardware,
                mutant);
    }

    ModelScenario with(Habit habit) {
        EnumSet<Habit> more = EnumSet.of(habit);
        more.addAll(habits);
        return new ModelScenario(capacity, firstPosition, payloadLengths, readerLimit, more,
                hardware, mutant);
    }

    ModelScenario on(Hardware other) {
        return new ModelScenario(capacity, firstPosition, payloadLengths, readerLimit, habits,
                other, mutant);
    }

    ModelScenario without(ModelMutant order) {
        return new ModelScenario(capacity, firstPosition, payloadLengths, readerLimit, habits,
                hardware, order);
    }

    boolean has(Habit habit) {
        return habits.contains(habit);
    }

    boolean is(ModelMutant other) {
        return mutant == other;
    }

    int queueCapacity() {
        return has(Habit.QUEUES_ARE_SHORT) ? 1 : 278; // Linux, by default
    }
}
