package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.end.KnownFile;
import dev.ipcchannel.internal.end.SpillFile;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.SpillLayout;
import dev.ipcchannel.internal.wire.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The spill files that the reader of a lane has mapped, by their ids.
///
/// The contents of records are checked and never trusted: a writer that breaks the format causes a
/// [RingViolation], and it cannot make this process map more than an honest one does.
///
/// Files are kept for later messages while all lanes of the process together keep no more than a
/// bound. Lanes cost a sender nothing, so a bound for one lane would not bound them all. A file
/// beyond the bound is no breach, because a crowd of honest senders may need as many. Its message
/// is read, the file is released with it, and a word in the ring notifies the writer, which makes a
/// new file for its next message. So all are served, and the process has at most: the bound, one
/// file for each lane that is being read, and the files of receivers that have moved here.
final class SpillTable {

    /// The most files that all lanes of this process keep.
    static final int MAX_KEPT = 256;

    // Files of receivers that move here come on top: the senders know that the files are kept.
    private static final int MAX_KEPT_AND_MOVED = 4 * MAX_KEPT;

    private static final AtomicInteger KEPT = new AtomicInteger();

    private final int maxMessage;
    private final ArrayList<KnownFile> files = new ArrayList<>(0);
    private long bytes;
    private int received; // the number of files ever received, modulo 64
    private long filesLetGo; // a bit for each of the last 64

    // Of the message found last.
    private @Nullable KnownFile found;
    private @Nullable KnownFile letGo; // the same file, if it is not kept
    private int foundLength;

    /// @param maxMessage the length of the longest message that may be in a file
    SpillTable(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /// Opens the message of the found record, a spilled one.
    ///
    /// @param descriptors of the record; taken over
    /// @return the descriptors of the message itself, which become the caller's
    /// @throws RingViolation if it breaks the format
    /// @throws LaneException if the file cannot be mapped for lack of memory
    List<Descriptor> open(RingReader ring, List<Descriptor> descriptors) {
        try {
            SpillLayout.check(ring);
            long id = SpillLayout.id(ring);
            long length = SpillLayout.length(ring);
            long capacity = SpillLayout.capacity(ring);
            boolean isNew = capacity != 0;
            consumed(); // the reader of the last message may have failed
            KnownFile file = isNew ? adopt(ring, id, capacity, descriptors) : known(id);
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

    /// The number of mapped files.
    int files() {
        return files.size();
    }

    /// The number of their bytes.
    long bytes() {
        return bytes;
    }

    private KnownFile adopt(RingReader ring, long id, long capacity,
            List<Descriptor> descriptors) {
        if (descriptors.isEmpty()) {
            throw new RingViolation("spill file is missing: id=" + id);
        }
        KnownFile file = map(id, capacity, descriptors.getFirst());
        boolean isKept = mayKeep(MAX_KEPT);
        if (isKept) {
            keep(file);
        } else {
            letGo = file;
        }
        storeWhetherKept(ring, isKept);
        return file;
    }

    /// Stores whether the file is kept. The writer loads it once the record is published as read,
    /// and sends fewer than 64 files meanwhile.
    private void storeWhetherKept(RingReader ring, boolean isKept) {
        long bit = 1L << received;
        long bits = isKept ? filesLetGo & ~bit : filesLetGo | bit;
        if (bits != filesLetGo) {
            filesLetGo = bits;
            ring.letGo(bits);
        }
        received = (received + 1) % SpillLayout.MAX_FILES;
    }

    private static boolean mayKeep(int limit) {
        if (KEPT.incrementAndGet() <= limit) {
            return true;
        }
        KEPT.decrementAndGet();
        return false;
    }

    private void keep(KnownFile file) {
        files.add(file);
        bytes += file.capacity();
    }

    private void drop(KnownFile file) {
        files.remove(file);
        bytes -= file.capacity();
        KEPT.decrementAndGet();
        file.file().close();
    }

    /// Maps a file. Takes the descriptor over.
    private KnownFile map(long id, long capacity, Descriptor file) {
        if (indexOf(id) >= 0 || files.size() >= SpillLayout.MAX_FILES
                || !SpillLayout.isCapacity(capacity, maxMessage)
                || !SpillLayout.mayHave(capacity, bytes)) {
            file.close();
            throw new RingViolation(
                    "spill file is refused: id=%d, capacity=%d, files=%d, limit=%d, bytes=%d"
                            .formatted(id, capacity, files.size(), SpillLayout.MAX_FILES, bytes));
        }
        try {
            files.ensureCapacity(files.size() + 1); // before there is a file to keep
            return KnownFile.adopt(id, capacity, file);
        } catch (PosixException failure) {
            throw new LaneException(LaneException.Kind.EXHAUSTED,
                    "the memory of a long message could not be mapped: " + failure.getMessage(),
                    failure);
        }
    }

    /// Notes that the message found last was read: its file is released, if it is not kept. Called
    /// before the space is published to the writer.
    void consumed() {
        KnownFile file = letGo;
        if (file != null) {
            letGo = null;
            found = null;
            file.file().close();
        }
    }

    private KnownFile known(long id) {
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

    /// Releases the files that the found record, a retirement, names. Each has to be known, so a
    /// writer cannot send retirements without end.
    void retire(RingReader ring) {
        int count = SpillLayout.retiredFiles(ring);
        for (int i = 0; i < count; i++) {
            drop(known(SpillLayout.retired(ring, i)));
        }
    }

    /// The length of the message found last.
    int length() {
        return foundLength;
    }

    /// Copies the message found last to the start of `target`.
    void copyOut(byte[] target) {
        copyOut(0, target, foundLength);
    }

    /// Copies `count` bytes of it, from the index `from` on, to the start of `target`.
    void copyOut(int from, byte[] target, int count) {
        file().copyOut(from, target, count);
    }

    /// The bytes of the file of the message found last, from its first byte on.
    MemorySegment view() {
        return file().view();
    }

    private SpillFile file() {
        KnownFile file = found;
        if (file == null) {
            throw new IllegalStateException("no spilled message has been found");
        }
        return file.file();
    }

    /// The number of the next file to come, modulo 64.
    int nextFile() {
        return received;
    }

    /// The state that another process needs to know the same files.
    List<Transfer.File> exported() {
        List<Transfer.File> exported = new ArrayList<>(files.size());
        for (KnownFile file : files) {
            exported.add(new Transfer.File(file.id(), file.capacity(), file.file().descriptor()));
        }
        return exported;
    }

    /// Takes up the files that another process exported.
    void importFrom(int nextFile, List<Transfer.File> exported, RingReader ring) {
        received = nextFile;
        filesLetGo = ring.filesLetGo(); // a writer that changes the word harms only its own files
        for (Transfer.File one : exported) {
            KnownFile file = map(one.id(), one.capacity(), one.descriptor());
            if (!mayKeep(MAX_KEPT_AND_MOVED)) {
                file.file().close();
                throw new LaneException(LaneException.Kind.EXHAUSTED,
                        "a receiver could not be taken up, because this process keeps too many"
                                + " memory files of long messages: limit=" + MAX_KEPT_AND_MOVED
                                + ": close receivers that others have moved here");
            }
            keep(file);
        }
    }

    /// Unmaps everything.
    void close() {
        consumed();
        while (!files.isEmpty()) {
            drop(files.getLast());
        }
    }
}
