package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.SlowReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A mapped file in which all processes of a round record the messages sent and received, the
/// questions asked and begun, and the signals. It can be read while the processes run, and after
/// they were killed.
///
/// Each process, sender, receiver, server, caller and listener has its own line, which is not used
/// again after it.
///
/// ```text
///     0        64          64 + 64 * PROCESSES
///     +--------+-----------+-----------------+-----------------+-----------+---------------------+
///     | isOver | processes | senders, EACH   | receivers,      | questions | pairs: a row of all |
///     |        |           | for each        | servers,        | of each   | senders for each    |
///     |        |           | process         | callers,        | caller    | receiver            |
///     |        |           |                 | listeners alike |           |                     |
///     +--------+-----------+-----------------+-----------------+-----------+---------------------+
/// ```
record Book(Arena arena, MemorySegment memory) implements AutoCloseable {

    /// The most processes of a round.
    static final int PROCESSES = 12;
    /// The most senders of a process, and the most of each other kind.
    static final int EACH = 64;
    /// The most senders, and the most of each other kind.
    static final int MOST = PROCESSES * EACH;
    /// The most questions of a caller.
    static final int QUESTIONS = 128;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long LINE = 64; // threads do not write each other's
    private static final long FIRST_PROCESS = LINE;
    private static final long FIRST_SENDER = FIRST_PROCESS + LINE * PROCESSES;
    private static final long FIRST_RECEIVER = FIRST_SENDER + LINE * MOST;
    private static final long FIRST_SERVER = FIRST_RECEIVER + LINE * MOST;
    private static final long FIRST_CALLER = FIRST_SERVER + LINE * MOST;
    private static final long FIRST_LISTENER = FIRST_CALLER + LINE * MOST;
    private static final long FIRST_QUESTION = FIRST_LISTENER + LINE * MOST;
    private static final long FIRST_PAIR = FIRST_QUESTION + (long) Long.BYTES * QUESTIONS * MOST;
    private static final long PAIR = 4L * Long.BYTES;
    private static final long LENGTH = FIRST_PAIR + PAIR * MOST * MOST;

    /// Makes a file of zeros and maps it.
    static Book create(Path file) throws IOException {
        Files.write(file, new byte[0], StandardOpenOption.CREATE_NEW);
        return open(file);
    }

    /// Maps a file that another process has made.
    static Book open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new Book(arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH, arena));
        }
    }

    /// Makes all members come to their ends.
    void end() {
        set(0, 1);
    }

    boolean isOver() {
        return get(0) != 0;
    }

    Line process(int number) {
        return new Line(this, number, FIRST_PROCESS + number * LINE);
    }

    Line sender(int number) {
        return new Line(this, number, FIRST_SENDER + number * LINE);
    }

    Line receiver(int number) {
        return new Line(this, number, FIRST_RECEIVER + number * LINE);
    }

    Line server(int number) {
        return new Line(this, number, FIRST_SERVER + number * LINE);
    }

    Line caller(int number) {
        return new Line(this, number, FIRST_CALLER + number * LINE);
    }

    Line listener(int number) {
        return new Line(this, number, FIRST_LISTENER + number * LINE);
    }

    /// The record of a question.
    ///
    /// @param number of the caller's questions, from 1 to QUESTIONS
    Question question(int caller, long number) {
        return new Question(this,
                FIRST_QUESTION + Long.BYTES * ((long) caller * QUESTIONS + number - 1));
    }

    /// The record of one receiver on one sender.
    Pair pair(int receiver, int sender) {
        return new Pair(this, FIRST_PAIR + PAIR * ((long) receiver * MOST + sender));
    }

    /// Whether all sending has ended.
    boolean isSilent() {
        if (!isOver()) {
            return false;
        }
        for (int i = 0; i < PROCESSES; i++) {
            Phase phase = process(i).phase();
            if (phase == Phase.OPENING || phase == Phase.OPEN) {
                return false;
            }
        }
        return true;
    }

    /// The pulses of all receivers.
    long[] pulses() {
        long[] pulses = new long[MOST];
        Arrays.setAll(pulses, i -> receiver(i).pulse());
        return pulses;
    }

    /// The number of messages sent.
    long done() {
        return IntStream.range(0, MOST).mapToLong(i -> sender(i).done()).sum();
    }

    long get(long at) {
        return (long) WORD.getVolatile(memory, at);
    }

    private void set(long at, long value) {
        WORD.setVolatile(memory, at, value);
    }

    void add(long at, long value) {
        long _ = (long) WORD.getAndAdd(memory, at, value);
    }

    /// Unmaps the file; no thread may use it any more.
    @Override
    public void close() {
        arena.close();
    }

    /// The line of one process, or of one of its ends. One thread writes it, except the counts of a
    /// server.
    record Line(Book book, int number, long at) {

        private static final List<SlowReader> POLICIES = List.of(SlowReader.values());
        private static final long NAME = Long.BYTES;
        private static final long IS_SURE = 2L * Long.BYTES;
        private static final long ATTEMPTED = 3L * Long.BYTES;
        private static final long DONE = 4L * Long.BYTES;
        private static final long PULSE = 5L * Long.BYTES;
        private static final long POLICY = PULSE; // of a sender, which has no pulse
        private static final long DEATH = 6L * Long.BYTES;
        private static final long DROPPED = DEATH; // of a sender, which is dead with its process
        private static final long IS_SHORT = 7L * Long.BYTES;

        void enter(Phase phase) {
            book.set(at, phase.code());
        }

        Phase phase() {
            return Phase.of(book.get(at));
        }

        void begin(int name) {
            book.set(at + NAME, name);
            enter(Phase.OPENING);
        }

        int name() {
            return (int) book.get(at + NAME);
        }

        /// Records that the end was opened so fast that it cannot have given up on a silent
        /// counterpart.
        void setSure() {
            book.set(at + IS_SURE, 1);
        }

        boolean isSure() {
            return book.get(at + IS_SURE) != 0;
        }

        /// Records that messages up to this one may have been sent. They are numbered from 1.
        void attempt(long message) {
            book.set(at + ATTEMPTED, message);
        }

        long attempted() {
            return book.get(at + ATTEMPTED);
        }

        /// Records that messages up to this one were certainly sent.
        void done(long message) {
            book.set(at + DONE, message);
        }

        long done() {
            return book.get(at + DONE);
        }

        /// Records a sender's policy for messages for which a receiver has no room.
        void setPolicy(SlowReader policy) {
            book.set(at + POLICY, POLICIES.indexOf(policy));
        }

        SlowReader policy() {
            return POLICIES.get((int) book.get(at + POLICY));
        }

        /// Records how many messages a closed sender has dropped, summed over its receivers.
        void setDropped(long messages) {
            book.set(at + DROPPED, messages);
        }

        long dropped() {
            return book.get(at + DROPPED);
        }

        /// Counts the begin of a server's handler.
        void take() {
            book.add(at + ATTEMPTED, 1);
        }

        /// Counts the end of a server's handler.
        void giveBack() {
            book.add(at + DONE, 1);
        }

        /// Records that a receiver got the error that its process has too few descriptors for a
        /// sender.
        void fallShort() {
            book.set(at + IS_SHORT, 1);
        }

        boolean hasFallenShort() {
            return book.get(at + IS_SHORT) != 0;
        }

        /// Records that the heartbeat is about to begin, or has been stopped, in turn.
        void turnPulse() {
            book.set(at + PULSE, pulse() + 1);
        }

        /// The turns of the heartbeat: odd while it may beat.
        long pulse() {
            return book.get(at + PULSE);
        }

        /// Records that a process is dead since now, by [System#nanoTime], which all processes
        /// share.
        void die() {
            book.set(at + DEATH, System.nanoTime());
            enter(Phase.DEAD);
        }

        /// Whether the process was dead before that time.
        boolean wasDead(long nanoTime) {
            return phase() == Phase.DEAD && book.get(at + DEATH) - nanoTime < 0;
        }
    }

    /// The records of a receiver's thread on one sender.
    record Pair(Book book, long at) {

        private static final long FIRST = Long.BYTES;
        private static final long LAST = 2L * Long.BYTES;
        private static final long MISSED = 3L * Long.BYTES;

        /// Records that every message after this one has to come.
        void setBase(long message) {
            book.set(at, message);
        }

        long base() {
            return book.get(at);
        }

        /// Records that a message has come.
        void came(long message) {
            if (first() == 0) {
                book.set(at + FIRST, message);
            }
            book.set(at + LAST, message);
        }

        /// Records the number of messages reported as missing between two that came.
        void missed(long messages) {
            book.set(at + MISSED, missed() + messages);
        }

        long missed() {
            return book.get(at + MISSED);
        }

        /// The first message that came; 0 if none did.
        long first() {
            return book.get(at + FIRST);
        }

        /// The last message that came; 0 if none did.
        long last() {
            return book.get(at + LAST);
        }
    }
}
