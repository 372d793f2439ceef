package dev.ipcchannel.internal.ring;

/// The reading side of a ring. Wait-free: an empty ring is an answer, not a wait.
///
/// One thread at a time may call it; the ring's owner ensures that. A message goes through [#poll],
/// the copy of its payload and [#consume]; [#publish] then gives the space back.
///
/// The reader trusts no word of the writer's: it loads each header once and checks it, and keeps
/// its own position here, without ever reading it back from shared memory.
public final class RingReader {

    private final Memory memory;
    private final long capacity;
    private final long mask;
    private final SleepWord sleep;
    private final WakeWord writer;

    private long position;
    private long published;
    private long header; // of the record that poll found

    /// Starts at `position`, where the writer started or a former reader of this ring stopped.
    public RingReader(Memory memory, long capacity, long position) {
        this.memory = memory;
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.sleep = new SleepWord(memory, RingLayout.readerAsleep(capacity));
        this.writer = new WakeWord(memory, RingLayout.writerAsleep(capacity));
        this.position = position;
        this.published = position;
    }

    /// The lane's name in recordings, as the writer stored it. Nothing may depend on it.
    public long laneId() {
        return memory.loadAcquire(RingLayout.laneId(capacity));
    }

    /// The first position that has not been consumed.
    public long position() {
        return position;
    }

    /// Whether no header is at the reader's position: a cheap first look, without a check.
    public boolean isEmpty() {
        return memory.loadAcquire(position & mask) == 0;
    }

    /// Finds the next message, after any padding, and checks its header.
    ///
    /// @return whether there is a message
    /// @throws RingViolation if the header breaks the format, or if padding follows padding
    public boolean poll() {
        long found = checkedHeader();
        if (RecordHeader.isPadding(found)) {
            position += RecordHeader.recordLength(RecordHeader.payloadLength(found));
            found = checkedHeader();
            if (RecordHeader.isPadding(found)) {
                // A writer that commits only padding would keep the reader here for ever.
                throw new RingViolation("padding follows padding: position=%d, capacity=%d"
                        .formatted(position, capacity));
            }
        }
        header = found;
        return found != 0;
    }

    /// How many messages wait, up to `limit`: a number for people to read. Checks each header, and
    /// stops at the first that breaks the format.
    public int countWaiting(int limit) {
        int count = 0;
        long at = position;
        try {
            for (long found = headerAt(at); found != 0 && count < limit; found = headerAt(at)) {
                boolean isMessage =
                        !RecordHeader.isPadding(found) && !RecordHeader.isRetirement(found);
                count += isMessage ? 1 : 0;
                at += RecordHeader.recordLength(RecordHeader.payloadLength(found));
                if (at - position >= capacity) {
                    break; // a full ring: the next record is the first one again
                }
            }
        } catch (RingViolation _) {
            // The next poll of the receiving thread reports it.
        }
        return count;
    }

    private long headerAt(long place) {
        long found = memory.loadAcquire(place & mask);
        if (found != 0) {
            RecordHeader.check(found, place & mask, capacity);
        }
        return found;
    }

    private long checkedHeader() {
        long index = position & mask;
        long found = memory.loadAcquire(index); // once; pairs with the release in RingWriter.commit
        if (found != 0) {
            RecordHeader.check(found, index, capacity);
        }
        return found;
    }

    /// The payload length of the found message.
    public int payloadLength() {
        return RecordHeader.payloadLength(header);
    }

    /// The index in the ring of the found message's payload.
    public long payloadIndex() {
        return (position & mask) + RecordHeader.LENGTH;
    }

    /// The number of packets with descriptors that belong to the found message.
    public int parts() {
        return RecordHeader.parts(header);
    }

    /// The number that these packets carry.
    public int ticket() {
        return RecordHeader.ticket(header);
    }

    /// Whether the found record stands for a message that lies in a file, which its payload names.
    public boolean isSpilled() {
        return RecordHeader.isSpilled(header);
    }

    /// Whether the found record is not a message, but names files that are not used again.
    public boolean isRetirement() {
        return RecordHeader.isRetirement(header);
    }

    /// A word of the found record's payload. The writer can still change it, so load it only once.
    public long payloadWord(int index) {
        return memory.loadAcquire(payloadIndex() + (long) index * Long.BYTES);
    }

    /// Copies the found message's payload.
    public void copyOut(byte[] target, int start) {
        memory.copyOut(payloadIndex(), target, start, payloadLength());
    }

    /// Copies `count` bytes of the found message's payload, from the index `from` on, to the start
    /// of `target`.
    public void copyOut(int from, byte[] target, int count) {
        memory.copyOut(payloadIndex() + from, target, 0, count);
    }

    /// Moves past the found message. The next [#publish] gives its space back.
    public void consume() {
        position += RecordHeader.recordLength(RecordHeader.payloadLength(header));
    }

    /// The number of bytes that have been consumed and not yet given back.
    public long unpublished() {
        return position - published;
    }

    /// Gives the space of everything consumed back to the writer.
    public void publish() {
        // Release: the payload has been copied out before the writer may overwrite it.
        // Pairs with RingWriter.refreshReaderPosition.
        memory.storeRelease(RingLayout.readerPosition(capacity), position);
        published = position;
    }

    /// The number of the writer's sleep if, after a publish, the writer sleeps, has what it needs
    /// by now, and has not been rung for; else 0. The caller rings the bell and then calls [#rung].
    public long writerToWake() {
        // Pairs with the fence in RingWriter.armUntil; the look stays after the publish.
        memory.fullFence();
        long asleep = writer.unrungSleep();
        if (asleep == 0 || position - memory.loadAcquire(RingLayout.writerNeed(capacity)) < 0) {
            return 0;
        }
        return asleep;
    }

    /// Whether the writer has announced that it sleeps: a look without a fence, for long batches.
    public boolean isWriterAsleep() {
        return writer.unrungSleep() != 0;
    }

    /// Remembers that the bell for `sleep` has been rung.
    public void rung(long sleep) {
        writer.rung(sleep);
    }

    /// Announces that the reader sleeps, then looks once more.
    ///
    /// Without the second look, a message that was committed before the writer could see the
    /// announcement would stay unread until the next message came.
    ///
    /// @return whether the ring is still empty, so that sleeping is safe; [#disarm] follows in
    /// either case
    public boolean arm() {
        sleep.announce();
        memory.fullFence(); // pairs with the fence in RingWriter.readerToWake
        return isEmpty();
    }

    /// Announces that the reader is awake.
    public void disarm() {
        sleep.withdraw();
    }

    /// Whether the writer has closed in order and everything before that has been consumed.
    ///
    /// The closed word is loaded before the ring is found empty: in the other order, a record
    /// committed in between would be lost.
    public boolean isEnded() {
        return isWriterClosed() && isEmpty();
    }

    /// Whether the writer has closed in order. The records that it committed before are still to be
    /// read.
    public boolean isWriterClosed() {
        // Pairs with RingWriter.close.
        return memory.loadAcquire(RingLayout.writerClosed(capacity)) != 0;
    }

    /// Stores which files the reader lets go, before it publishes that it has read their bytes.
    public void letGo(long bits) {
        memory.storeRelease(RingLayout.filesLetGo(capacity), bits);
    }

    /// The bits that [#letGo] stored last.
    public long filesLetGo() {
        return memory.loadAcquire(RingLayout.filesLetGo(capacity));
    }

    /// Announces that the reader reads no more records.
    public void close() {
        memory.storeRelease(RingLayout.readerClosed(capacity), 1);
    }
}
