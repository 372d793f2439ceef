package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;

/// A spill file as the two sides of one lane know it: by the id that its first record there gives it.
final class KnownFile {

    private final long id;
    private final SpillFile file;

    // On the writer's side, of the record that uses it.
    private long end;
    private int number;

    KnownFile(long id, SpillFile file) {
        this.id = id;
        this.file = file;
    }

    /// Takes one up that the writer has sent. Takes the descriptor over, also when it is refused.
    static KnownFile adopt(long id, long capacity, Descriptor file) {
        SpillFile memory = SpillFile.adopt(capacity, file);
        try {
            return new KnownFile(id, memory);
        } catch (OutOfMemoryError failure) {
            memory.close();
            throw failure;
        }
    }

    /// What the lane knows it by.
    long id() {
        return id;
    }

    SpillFile file() {
        return file;
    }

    long capacity() {
        return file.capacity();
    }

    /// A record uses it, until the reader has passed that.
    ///
    /// @param recordEnd the position after that record
    /// @param recordNumber of the file among those ever sent, modulo 64, if that record has brought
    /// it to the reader
    void use(long recordEnd, int recordNumber) {
        end = recordEnd;
        number = recordNumber;
    }

    long end() {
        return end;
    }

    int number() {
        return number;
    }
}
