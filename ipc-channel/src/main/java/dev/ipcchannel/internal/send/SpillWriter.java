package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.KnownFile;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.end.SpillFile;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.wire.SpillLayout;
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
    private final SpillPool pool;
    private final SpillUses uses;
    private @Nullable KnownFile claimed;
    private boolean isNew; // to the reader
    private int claimedLength;

    /// @param wakeReader rings for a reader that sleeps
    /// @param pool has the files
    SpillWriter(RingWriter ring, PartsWriter parts, Runnable wakeReader, SpillPool pool) {
        this.ring = ring;
        this.parts = parts;
        this.wakeReader = wakeReader;
        this.pool = pool;
        this.uses = new SpillUses(pool);
        pool.join(); // last: a lane that is not made leaves it to others
    }

    /// Whether a claim of this length, with so many descriptors, would succeed now, if there is
    /// memory.
    boolean hasRoom(int length, int descriptors) {
        return !parts.hasTooMany(partsOf(descriptors)) && hasRoom(length);
    }

    private boolean hasRoom(int length) {
        release();
        return uses.hasRoom(length) && ring.hasRoom(SpillLayout.ROOM);
    }

    private void release() {
        long position = ring.refreshReaderPosition(); // first: what is let go was said before it
        uses.release(position, ring.filesLetGo());
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
        return uses.hasRoom(length)
                ? ring.arm(SpillLayout.ROOM)
                : ring.armUntil(uses.positionWithRoom(length));
    }

    /// Reserves a file for a message, and its record's place in the ring.
    ///
    /// @return false if there is no room
    boolean claim(int length, int descriptors) {
        abort();
        if (!hasRoom(length, descriptors)) {
            return false;
        }
        SpillFile file = pool.claim(length);
        boolean isClaimed = false;
        try {
            claim(file, length);
            isClaimed = true;
            return true;
        } finally {
            if (!isClaimed) {
                pool.letGo(file, true);
            }
        }
    }

    private void claim(SpillFile file, int length) {
        KnownFile known = uses.find(file);
        KnownFile next = known == null ? uses.name(file) : known;
        retire(uses.takeExcess(next)); // first: the reader counts as we do
        SpillLayout.claim(ring, next.id(), length, known == null ? file.capacity() : 0);
        isNew = known == null;
        claimedLength = length;
        claimed = next;
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

    /// How many files have a descriptor open that this lane counts.
    int openFiles() {
        return pool.descriptorsOfLane();
    }

    /// How many bytes the files have that this lane counts.
    long bytes() {
        return pool.bytesOfLane();
    }

    /// The bytes of the claimed file, for user code.
    MemorySegment view() {
        return file().file().view();
    }

    /// Copies a message into the claimed file.
    void copyIn(OutgoingMessage message) {
        file().file().copyIn(message);
    }

    /// Sends the descriptors of the claimed message, with its file if the reader has not got that.
    ///
    /// @return how many packets they took
    int sendParts(List<Descriptor> descriptors) {
        return parts.send(isNew ? withFile(file().file(), descriptors) : descriptors);
    }

    /// Sends the claimed message, of whose descriptors so many packets were sent.
    void commit(int sent) {
        KnownFile known = file();
        pool.use(known.file()); // first: what may be read by now is never written to
        ring.commitSpilled(sent, parts.ticket());
        claimed = null;
        uses.use(known, ring.position(), isNew);
        if (isNew) {
            pool.sent(known.file());
        }
    }

    private static List<Descriptor> withFile(SpillFile file, List<Descriptor> descriptors) {
        List<Descriptor> all = new ArrayList<>(descriptors.size() + 1);
        all.add(file.descriptor());
        all.addAll(descriptors);
        return all;
    }

    private KnownFile file() {
        KnownFile file = claimed;
        if (file == null) {
            throw new IllegalStateException("no claim of a file is open");
        }
        return file;
    }

    /// Gives the claim up. A file that was sent with it is sent again: the reader closes what
    /// belongs to no record.
    void abort() {
        KnownFile known = claimed;
        if (known != null) {
            claimed = null;
            pool.letGo(known.file(), true);
        }
    }

    /// Has both sides let go of files that wait beyond the bound. Almost always a look.
    ///
    /// @return whether it was more
    boolean trim() {
        if (!uses.mayHaveExcess()) {
            return false;
        }
        release();
        if (ring.hasRoom(SpillLayout.ROOM)) {
            pool.retireExcess();
            retire(uses.takeExcess(null));
        }
        return true;
    }

    /// Names files to the reader for the last time. There is room for that.
    private void retire(List<KnownFile> files) {
        if (files.isEmpty()) {
            return;
        }
        SpillLayout.claimRetirement(ring, files.size());
        for (int i = 0; i < files.size(); i++) {
            SpillLayout.retire(ring, i, files.get(i).id());
        }
        ring.commitRetirement();
        // What comes next may not fit beside it, and would wait for a reader that sleeps.
        wakeReader.run();
    }

    /// Lets go of everything. What was committed stays to be read.
    ///
    /// @param isReaderGone whether nobody reads that
    void close(boolean isReaderGone) {
        try {
            abort();
            release(); // what has been read by now is used again
        } catch (RingViolation _) {
            // The lane is over in any case.
        } finally {
            uses.close(isReaderGone);
            pool.leave();
        }
    }
}
