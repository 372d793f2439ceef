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

/// The writer's side of messages that are too long for the ring. Each lies in a file from the pool,
/// and a record in the ring stands for it, in order.
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
    private boolean isNew; // whether the reader does not know the file yet
    private int claimedLength;

    /// @param wakeReader rings for a reader that sleeps
    /// @param pool of the files
    SpillWriter(RingWriter ring, PartsWriter parts, Runnable wakeReader, SpillPool pool) {
        this.ring = ring;
        this.parts = parts;
        this.wakeReader = wakeReader;
        this.pool = pool;
        this.uses = new SpillUses(pool);
        pool.join(); // last: a constructor that fails before has not joined
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
        // First: the reader stores its bits before its position.
        long position = ring.refreshReaderPosition();
        uses.release(position, ring.filesLetGo());
    }

    /// The most packets that a message takes, counting the descriptor of a file.
    private static int partsOf(int descriptors) {
        return PartsWriter.partsOf(descriptors + 1);
    }

    /// Announces that the writer sleeps until there may be room for a message of this length, then
    /// looks once more.
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

    /// Claims a file for a message, and the place of its record in the ring.
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
        retire(uses.takeExcess(next)); // first: both sides count in the same order
        SpillLayout.claim(ring, next.id(), length, known == null ? file.capacity() : 0);
        isNew = known == null;
        claimedLength = length;
        claimed = next;
    }

    /// Whether a claim is open here.
    boolean isClaimed() {
        return claimed != null;
    }

    /// The length of the message that the file is claimed for.
    int claimedLength() {
        return claimedLength;
    }

    /// The bytes of the claimed file.
    long claimedCapacity() {
        return file().capacity();
    }

    /// The open descriptors of files that this lane counts.
    int openFiles() {
        return pool.descriptorsOfLane();
    }

    /// The bytes of files that this lane counts.
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

    /// Sends the descriptors of the claimed message, with its file if the reader does not have it.
    ///
    /// @return the number of packets
    int sendParts(List<Descriptor> descriptors) {
        return parts.send(isNew ? withFile(file().file(), descriptors) : descriptors);
    }

    /// Commits the claimed message, whose descriptors took `sent` packets.
    void commit(int sent) {
        KnownFile known = file();
        pool.use(known.file()); // first: a file that can be read is never written
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

    /// Gives the claim up. A file that was sent for it will be sent again: the reader closes what
    /// belongs to no record.
    void abort() {
        KnownFile known = claimed;
        if (known != null) {
            claimed = null;
            pool.letGo(known.file(), true);
        }
    }

    /// Makes both sides release the idle files beyond the bounds. Usually it is only a look.
    ///
    /// @return whether there was more to do
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
        // The next record may not fit beside this one, and would wait for a reader that sleeps.
        wakeReader.run();
    }

    /// Ends all holds. Committed messages can still be read.
    ///
    /// @param isReaderGone whether no process reads them
    void close(boolean isReaderGone) {
        try {
            abort();
            release(); // files read by now can be used again
        } catch (RingViolation _) {
            // The lane is over in any case.
        } finally {
            uses.close(isReaderGone);
            pool.leave();
        }
    }
}
