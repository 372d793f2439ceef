package dev.ipcchannel.torture.kills;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A mapped file in which a process records its state: it can be read after the process was killed.
///
/// ```text
///     slot n at 256 * n
///     0          8            16          24
///     +----------+------------+-----------+-----------+
///     | state    | attempted  | done      | wrong     |
///     +----------+------------+-----------+-----------+
/// ```
record Board(ByteBuffer memory) {

    private static final int SLOTS = 32;
    private static final int SLOT_LENGTH = 256; // threads do not write each other's lines
    private static final int ATTEMPTED = 8;
    private static final int DONE = 16;
    private static final int WRONG = 24;

    /// Makes a file of zeros and maps it.
    static Board create(Path file) throws IOException {
        Files.write(file, new byte[SLOTS * SLOT_LENGTH]);
        return open(file);
    }

    /// Maps a file that another process has made.
    static Board open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new Board(channel.map(FileChannel.MapMode.READ_WRITE, 0, SLOTS * SLOT_LENGTH));
        }
    }

    /// Makes a board that no other process sees.
    static Board inHeap() {
        return new Board(ByteBuffer.allocate(SLOTS * SLOT_LENGTH));
    }

    Slot slot(int number) {
        return new Slot(memory.slice(number * SLOT_LENGTH, SLOT_LENGTH));
    }

    /// The records of one thread. Only that thread writes.
    record Slot(ByteBuffer memory) {

        void enter(State state) {
            memory.putLong(0, state.code());
        }

        State state() {
            return State.of(memory.getLong(0));
        }

        /// Records the number of messages that may have been sent, or received, by now.
        void attempt(long count) {
            memory.putLong(ATTEMPTED, count);
        }

        long attempted() {
            return memory.getLong(ATTEMPTED);
        }

        /// Records the number of messages that were certainly sent or received.
        void done(long count) {
            memory.putLong(DONE, count);
        }

        long done() {
            return memory.getLong(DONE);
        }

        /// Records that a message was not the expected one.
        void wrong() {
            memory.putLong(WRONG, 1);
        }

        boolean isWrong() {
            return memory.getLong(WRONG) != 0;
        }
    }
}
