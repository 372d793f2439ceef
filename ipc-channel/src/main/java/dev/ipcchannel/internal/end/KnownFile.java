package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;

/// A spill file as the two sides of one lane know it: by the id that its first record in that lane
/// gave it.
public final class KnownFile {

    private final long id;
    private final SpillFile file;

    // On the writer's side: of the record that uses the file.
    private long end;
    private int number;

    public KnownFile(long id, SpillFile file) {
        this.id = id;
        this.file = file;
    }

    /// Adopts a file that the writer has sent. Takes the descriptor over, also when it refuses the
    /// file.
    public static KnownFile adopt(long id, long capacity, Descriptor file) {
        SpillFile memory = SpillFile.adopt(capacity, file);
        try {
            return new KnownFile(id, memory);
        } catch (OutOfMemoryError failure) {
            memory.close();
            throw failure;
        }
    }

    /// The id by which the lane knows it.
    public long id() {
        return id;
    }

    public SpillFile file() {
        return file;
    }

    public long capacity() {
        return file.capacity();
    }

    /// Notes that a record uses the file, until the reader has passed that record.
    ///
    /// @param recordEnd the position after that record
    /// @param recordNumber the file's number among all files ever sent, modulo 64, if that record
    /// has brought it to the reader
    public void use(long recordEnd, int recordNumber) {
        end = recordEnd;
        number = recordNumber;
    }

    public long end() {
        return end;
    }

    public int number() {
        return number;
    }
}
