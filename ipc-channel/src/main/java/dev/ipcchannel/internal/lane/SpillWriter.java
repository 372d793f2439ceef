package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The writer's side of messages that are too long for the ring: each lies in a file from the pool,
/// and a record in the ring keeps its place in the order.
///
/// A message goes through [#claim], the copy into the file, and [#commit]. Used by one thread at a
/// time, as its lane is.
final class SpillWriter {

    private final RingWriter ring;
    private final PartsWriter parts;
    private final Runnable wakeReader;
    private final SpillPool pool = new SpillPool();
    private @Nullable SpillFile claimed;
    private int claimedLength;

    /// @param wakeReader rings for a reader that sleeps
    SpillWriter(RingWriter ring, PartsWriter parts, Runnable wakeReader) {
        this.ring = ring;
        this.parts = parts;
        this.wakeReader = wakeReader;
    }

    /// Whether a claim of this length, with so many descriptors, would succeed now, if there is
    /// memory.
    boolean hasRoom(int length, int descriptors) {
        return !parts.hasTooMany(partsOf(descriptors)) && hasRoom(length);
    }

    private boolean hasRoom(int length) {
        release();
        return pool.hasRoom(length) && ring.hasRoom(SpillLayout.ROOM);
    }

    private void release() {
        long position = ring.refreshReaderPosition(); // first: what is let go was said before it
        pool.release(position, ring.filesLetGo());
    }

    /// How many packets a message may take, with the one more descriptor that a file may be.
    private static int partsOf(int descriptors) {
        return PartsWriter.partsOf(descriptors + 1);
    }

    /// Says that the writer sleeps until there may be room for a message of this length, then looks
    /// once more.
    ///
    /// @return whether there is still none, so that sleeping is safe
    boolean arm(int length, int descriptors) {
        int more = partsOf(descriptors);
        if (parts.hasTooMany(more)) {
            return parts.arm(more);
        }
        release();
        return pool.hasRoom(length)
                ? ring.arm(SpillLayout.ROOM)
                : ring.armUntil(pool.positionWithRoom(length));
    }

    /// Reserves a file for a message, and its record's place in the ring.
    ///
    /// @return false if there is no room
    boolean claim(int length, int descriptors) {
        claimed = null;
        if (!hasRoom(length, descriptors)) {
            return false;
        }
        SpillFile idle = pool.find(length);
        retire(pool.takeExcess(idle, idle == null ? 1 : 0)); // first: the reader counts as we do
        SpillFile file = idle == null ? pool.create(length) : idle;
        ring.claim(SpillLayout.RECORD_LENGTH);
        ring.putWord(SpillLayout.ID, file.id());
        ring.putWord(SpillLayout.LENGTH, length);
        ring.putWord(SpillLayout.CAPACITY, file.isSent() ? 0 : file.capacity());
        claimed = file;
        claimedLength = length;
        return true;
    }

    /// Whether a claim is open here.
    boolean isClaimed() {
        return claimed != null;
    }

    /// The length of the message that the claimed file is for.
    int claimedLength() {
        return claimedLength;
    }

    /// How many bytes that file has.
    long claimedCapacity() {
        return file().capacity();
    }

    /// How many files have a descriptor open: those that no reader has got.
    int unsentFiles() {
        return pool.unsent();
    }

    /// How many bytes the files have.
    long bytes() {
        return pool.bytes();
    }

    /// The bytes of the claimed file, for user code.
    MemorySegment view() {
        return file().view();
    }

    /// Copies a message into the claimed file.
    void copyIn(byte[] payload, int length) {
        file().copyIn(payload, length);
    }

    /// Sends the descriptors of the claimed message, with its file if the reader has not got that.
    ///
    /// @return how many packets they took
    int sendParts(List<Descriptor> descriptors) {
        return parts.send(withFile(file(), descriptors));
    }

    /// Sends the claimed message, of whose descriptors so many packets were sent.
    void commit(int sent) {
        SpillFile file = file();
        ring.commitSpilled(sent, parts.ticket());
        boolean isNew = !file.isSent();
        if (isNew) {
            file.sent();
        }
        pool.use(file, ring.position(), isNew);
        claimed = null;
    }

    private static List<Descriptor> withFile(SpillFile file, List<Descriptor> descriptors) {
        if (file.isSent()) {
            return descriptors;
        }
        List<Descriptor> all = new ArrayList<>(descriptors.size() + 1);
        all.add(file.descriptor());
        all.addAll(descriptors);
        return all;
    }

    private SpillFile file() {
        SpillFile file = claimed;
        if (file == null) {
            throw new IllegalStateException("no claim of a file is open");
        }
        return file;
    }

    /// Gives the claim up. A file that was sent with it is sent again: the reader closes what
    /// belongs to no record.
    void abort() {
        claimed = null;
    }

    /// Has both sides let go of files that wait beyond the bound. Almost always a look.
    ///
    /// @return whether it was more
    boolean trim() {
        if (!pool.mayHaveExcess()) {
            return false;
        }
        release();
        if (ring.hasRoom(SpillLayout.ROOM)) {
            retire(pool.takeExcess(null, 0));
        }
        return true;
    }

    /// Names files to the reader for the last time, and unmaps them. There is room for that.
    private void retire(List<SpillFile> files) {
        List<SpillFile> known = files.stream().filter(SpillFile::isSent).toList();
        if (!known.isEmpty()) {
            ring.claim(known.size() * Long.BYTES);
            for (int i = 0; i < known.size(); i++) {
                ring.putWord(i, known.get(i).id());
            }
            ring.commitRetirement();
            // What comes next may not fit beside it, and would wait for a reader that sleeps.
            wakeReader.run();
        }
        files.forEach(SpillFile::close);
    }

    /// Unmaps everything. What was committed stays to be read.
    void close() {
        pool.close();
    }
}
