package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingViolation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The spill files that the reader of a lane has mapped, by their ids.
///
/// What the records say is checked and never believed: a writer that breaks the format gets a
/// [RingViolation], and it cannot make this process map more than an honest one.
final class SpillTable {

    private final int maxMessage;
    private final ArrayList<SpillFile> files = new ArrayList<>(0);
    private long bytes;

    // Of the message found last.
    private @Nullable SpillFile found;
    private int foundLength;

    /// @param maxMessage the longest message that may be in a file
    SpillTable(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /// Takes up what the found record, a spilled one, says.
    ///
    /// @param descriptors of the record; taken over
    /// @return those of the message itself, which become the caller's
    /// @throws RingViolation if it breaks the format
    /// @throws LaneException if the file cannot be mapped for a lack of memory
    List<Descriptor> open(RingReader ring, List<Descriptor> descriptors) {
        try {
            checkRecord(ring);
            long id = ring.payloadWord(SpillLayout.ID);
            long length = ring.payloadWord(SpillLayout.LENGTH);
            long capacity = ring.payloadWord(SpillLayout.CAPACITY);
            boolean isNew = capacity != 0;
            if (isNew) {
                adopt(id, capacity, descriptors);
            }
            SpillFile file = known(id);
            if (length < 0 || length > maxMessage || length > file.capacity()) {
                throw new RingViolation(
                        "spilled message is out of bounds: length=%d, limit=%d, capacity=%d"
                                .formatted(length, maxMessage, file.capacity()));
            }
            found = file;
            foundLength = (int) length;
            return isNew ? descriptors.subList(1, descriptors.size()) : descriptors;
        } catch (RuntimeException | Error failure) {
            Descriptor.closeAll(descriptors);
            throw failure;
        }
    }

    /// How many files are mapped.
    int files() {
        return files.size();
    }

    /// How many bytes they have.
    long bytes() {
        return bytes;
    }

    private static void checkRecord(RingReader ring) {
        if (ring.isRetirement() || ring.payloadLength() != SpillLayout.RECORD_LENGTH) {
            throw new RingViolation("spilled record breaks the format: length=%d, needed=%d"
                    .formatted(ring.payloadLength(), SpillLayout.RECORD_LENGTH));
        }
    }

    private void adopt(long id, long capacity, List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            throw new RingViolation("spill file is missing: id=" + id);
        }
        adopt(id, capacity, descriptors.getFirst());
    }

    /// Takes a file up, new or from a former reader of the lane. Takes the descriptor over.
    void adopt(long id, long capacity, Descriptor file) {
        if (indexOf(id) >= 0 || files.size() >= SpillLayout.MAX_FILES
                || !SpillLayout.isCapacity(capacity, maxMessage)
                || !SpillLayout.mayHave(capacity, bytes)) {
            file.close();
            throw new RingViolation(
                    "spill file is refused: id=%d, capacity=%d, files=%d, limit=%d, bytes=%d"
                            .formatted(id, capacity, files.size(), SpillLayout.MAX_FILES, bytes));
        }
        try {
            files.add(SpillFile.adopt(id, capacity, file));
            bytes += capacity;
        } catch (PosixException failure) {
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "the memory of a long message could not be mapped: " + failure.getMessage(),
                    failure);
        }
    }

    private SpillFile known(long id) {
        int index = indexOf(id);
        if (index < 0) {
            throw new RingViolation("spill file is unknown: id=" + id);
        }
        return files.get(index);
    }

    private int indexOf(long id) {
        for (int i = files.size() - 1; i >= 0; i--) { // the newest are used most
            if (files.get(i).id() == id) {
                return i;
            }
        }
        return -1;
    }

    /// Lets go of the files that the found record, a retirement, names. Each has to be known, so a
    /// writer cannot go on with retirements for ever.
    void retire(RingReader ring) {
        int count = ring.payloadLength() / Long.BYTES;
        if (ring.isSpilled() || count == 0 || count > SpillLayout.MAX_FILES
                || ring.payloadLength() % Long.BYTES != 0 || ring.parts() != 0) {
            throw new RingViolation("retirement breaks the format: length=%d, parts=%d"
                    .formatted(ring.payloadLength(), ring.parts()));
        }
        for (int i = 0; i < count; i++) {
            SpillFile file = known(ring.payloadWord(i));
            files.remove(file);
            bytes -= file.capacity();
            file.close();
        }
    }

    /// The length of the message found last.
    int length() {
        return foundLength;
    }

    /// Copies the message found last to the start of `target`.
    void copyOut(byte[] target) {
        file().copyOut(target, foundLength);
    }

    /// The bytes of the file of the message found last, from its first byte on.
    MemorySegment view() {
        return file().view();
    }

    private SpillFile file() {
        SpillFile file = found;
        if (file == null) {
            throw new IllegalStateException("no spilled message has been found");
        }
        return file;
    }

    /// Writes what another process needs to know the files that this one knows.
    void export(Transfer transfer) {
        transfer.add(files.size());
        for (SpillFile file : files) {
            transfer.add(file.id());
            transfer.add(file.capacity());
            transfer.add(file.descriptor());
        }
    }

    /// Takes the files up that another process exported.
    void importFrom(Transfer transfer) {
        int count = transfer.nextCount();
        for (int i = 0; i < count; i++) {
            adopt(transfer.nextWord(), transfer.nextWord(), transfer.nextDescriptor());
        }
    }

    /// Unmaps everything.
    void close() {
        files.forEach(SpillFile::close);
        files.clear();
    }
}
