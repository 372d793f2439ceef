package dev.ipcchannel.internal.ring;

/// The writing side of a ring. Wait-free: a full ring is an answer, not a wait.
///
/// One thread at a time may call it; the ring's owner ensures that. A message goes through
/// [#claim], the copy of its payload, and [#commit]. Until the commit the reader sees nothing of
/// it, and a claim that is given up or cut off by a crash needs no repair.
///
/// Positions grow for ever; the index of a position in the ring is `position & (capacity - 1)`.
public final class RingWriter {

    /// The answer of [#claim] when the ring has no room.
    public static final long FULL = -1;

    /// How many bytes of headers' places the writer zeroes at once. The reader waits on the cache
    /// line of the next header: a writer that zeroed that line with every message would take the
    /// line away twice as often.
    static final int ZERO_AHEAD = 256;

    private final Memory memory;
    private final long capacity;
    private final long mask;
    private final SleepWord sleep;
    private final WakeWord reader;

    private long position;
    private long zeroed; // no place of a header from `position` up to here has an old header
    private long readerPosition; // as last seen; loaded again only when it leaves no room

    // The open claim: `padding` bytes up to the ring's end, then the record.
    private long padding;
    private int payloadLength = -1;

    /// Starts at `position`, where the reader starts too, in a region whose header at that position
    /// is zero.
    public RingWriter(Memory memory, long capacity, long position) {
        this.memory = memory;
        this.capacity = capacity;
        this.mask = capacity - 1;
        this.sleep = new SleepWord(memory, RingLayout.writerAsleep(capacity));
        this.reader = new WakeWord(memory, RingLayout.readerAsleep(capacity));
        this.position = position;
        this.zeroed = position + RecordHeader.ALIGNMENT;
        this.readerPosition = position;
    }

    /// Writes the lane's id into a region that no other thread or process knows of yet.
    public static void writeLaneId(Memory memory, long capacity, long laneId) {
        memory.storePlain(RingLayout.laneId(capacity), laneId);
    }

    /// The position of the next record.
    public long position() {
        return position;
    }

    /// The reader's position as last seen: everything below it has been read.
    public long readerPosition() {
        return readerPosition;
    }

    /// The number of bytes committed and not given back at this moment: for people to read.
    public long unread() {
        long seen = memory.loadAcquire(RingLayout.readerPosition(capacity));
        return Math.clamp(position - seen, 0, capacity);
    }

    /// Loads the reader's position and checks it.
    ///
    /// @throws RingViolation if that position is ahead of the writer, below the last one seen, or
    /// not aligned
    public long refreshReaderPosition() {
        // Pairs with RingReader.publish.
        long seen = memory.loadAcquire(RingLayout.readerPosition(capacity));
        // It may only grow, up to the writer's position. Both are compared by subtraction, which is
        // right also when positions overflow.
        if (seen - readerPosition < 0 || position - seen < 0 || !RecordHeader.isAligned(seen)) {
            throw new RingViolation(
                    "reader position is out of bounds: position=%d, seen=%d, writer=%d"
                            .formatted(seen, readerPosition, position));
        }
        readerPosition = seen;
        return seen;
    }

    /// Reserves room for a payload and gives its index, or [#FULL].
    ///
    /// @param length at most [RingLayout#maxPayload]
    public long claim(int length) {
        if (isClaimed()) {
            abort(); // left open by an exception: its payload may lie in places of headers
        }
        if (!hasRoom(length)) {
            return FULL;
        }
        padding = paddingFor(length);
        payloadLength = length;
        return ((position + padding) & mask) + RecordHeader.LENGTH;
    }

    /// Whether a claim of `length` would succeed now.
    public boolean hasRoom(int length) {
        long needed = needFor(length);
        return needed <= capacity - (position - readerPosition)
                || needed <= capacity - (position - refreshReaderPosition());
    }

    /// The number of bytes up to the ring's end if the record does not fit before it, else 0.
    private long paddingFor(int length) {
        long rest = capacity - (position & mask);
        return RecordHeader.recordLength(length) <= rest ? 0 : rest;
    }

    /// The number of bytes that have to be free. The place of the next header is included, because
    /// it is zeroed before the commit, and the reader gives back whole lines.
    private long needFor(int length) {
        return paddingFor(length) + RecordHeader.recordLength(length) + RecordHeader.ALIGNMENT;
    }

    /// Copies the first bytes of an array into the claimed payload.
    ///
    /// @param index of the first of them in the payload
    public void copyIn(int index, byte[] source, int length) {
        long payload = ((position + padding) & mask) + RecordHeader.LENGTH;
        memory.copyIn(source, 0, payload + index, length);
    }

    /// Stores a word into the claimed payload.
    public void putWord(int index, long word) {
        long payload = ((position + padding) & mask) + RecordHeader.LENGTH;
        memory.storePlain(payload + (long) index * Long.BYTES, word);
    }

    /// Whether a claim is open.
    public boolean isClaimed() {
        return payloadLength >= 0;
    }

    /// The length of the claimed payload.
    public int claimedLength() {
        return payloadLength;
    }

    /// The position of the claimed record, after the padding that its commit may need.
    public long claimedPosition() {
        return position + padding;
    }

    /// Shows the claimed record to the reader.
    ///
    /// Padding before the record is committed after it, so that one store shows both.
    ///
    /// @param parts the number of packets with descriptors that were sent for it
    /// @param ticket the number that those packets carry
    public void commit(int parts, int ticket) {
        commit(RecordHeader.message(payloadLength, parts, ticket));
    }

    /// Shows the claimed record to the reader as the place of a message that lies in a file.
    ///
    /// @param parts the number of packets with descriptors that were sent for it
    /// @param ticket the number that those packets carry
    public void commitSpilled(int parts, int ticket) {
        commit(RecordHeader.spilled(payloadLength, parts, ticket));
    }

    /// Shows the claimed record to the reader as a list of files that are not used again.
    public void commitRetirement() {
        commit(RecordHeader.retirement(payloadLength, 0));
    }

    /// Shows an empty record in the place of the claimed one, which is given up after packets with
    /// descriptors were sent for it. The reader then closes these descriptors.
    ///
    /// @param parts the number of these packets
    public void commitGivenUp(int parts) {
        payloadLength = 0;
        zeroed = position + RecordHeader.ALIGNMENT; // the payload may lie in places of headers
        commit(RecordHeader.retirement(0, parts));
    }

    private void commit(long header) {
        long start = position + padding;
        long next = start + RecordHeader.recordLength(payloadLength);
        if (zeroed - next <= 0) {
            zeroFrom(next); // else the reader would read bytes of an old lap as a header
        }
        // Release: payload and next header are stored before this word. Pairs with RingReader.poll.
        if (padding == 0) {
            memory.storeRelease(start & mask, header);
        } else {
            memory.storePlain(start & mask, header);
            memory.storeRelease(position & mask,
                    RecordHeader.padding(padding - RecordHeader.LENGTH));
        }
        position = next;
        payloadLength = -1;
    }

    private void zeroFrom(long next) {
        // Only what the reader has given back.
        int length = (int) Math.min(ZERO_AHEAD, readerPosition + capacity - next);
        for (int ahead = 0; ahead < length; ahead += RecordHeader.ALIGNMENT) {
            memory.storePlain((next + ahead) & mask, 0);
        }
        zeroed = next + length;
    }

    /// Gives the claim up. The reader does not see it, but its payload may have overwritten places
    /// of headers, which are zeroed again.
    public void abort() {
        payloadLength = -1;
        zeroed = position + RecordHeader.ALIGNMENT;
    }

    /// The number of the reader's sleep if, after a commit, the reader sleeps and has not been rung
    /// for; else 0. The caller rings the bell and then calls [#rung].
    ///
    /// The fence keeps the look after the commit. Without it, on x86 too, the look could come
    /// first: the writer sees "awake", the reader sees "empty", and the reader sleeps for ever.
    public long readerToWake() {
        memory.fullFence(); // pairs with the fence in RingReader.arm
        return reader.unrungSleep();
    }

    /// Remembers that the bell for `sleep` has been rung.
    public void rung(long sleep) {
        reader.rung(sleep);
    }

    /// Announces that the writer sleeps until there is room for `length` bytes, then looks once
    /// more.
    ///
    /// @return whether the ring is still full, so that sleeping is safe; [#disarm] follows in
    /// either case
    public boolean arm(int length) {
        return armUntil(position + needFor(length) - capacity);
    }

    /// Announces that the writer sleeps until the reader's position is at least `need`, then looks
    /// once more.
    ///
    /// @return whether the position is still lower, so that sleeping is safe; [#disarm] follows in
    /// either case
    public boolean armUntil(long need) {
        memory.storePlain(RingLayout.writerNeed(capacity), need);
        sleep.announce();
        memory.fullFence(); // pairs with the fence in RingReader.writerToWake
        return refreshReaderPosition() - need < 0;
    }

    /// Announces that the writer is awake.
    public void disarm() {
        sleep.withdraw();
    }

    /// The bits of the files that the reader has let go. They are up to date for the files whose
    /// records it had passed at the last [#refreshReaderPosition].
    public long filesLetGo() {
        // Pairs with RingReader.letGo by way of the position: refreshReaderPosition acquired it.
        return memory.loadAcquire(RingLayout.filesLetGo(capacity));
    }

    /// Whether the reader has closed in order.
    public boolean isReaderClosed() {
        // Pairs with RingReader.close.
        return memory.loadAcquire(RingLayout.readerClosed(capacity)) != 0;
    }

    /// Announces that no more records come. The reader can still read those committed before.
    public void close() {
        // After every commit: see RingReader.isEnded.
        memory.storeRelease(RingLayout.writerClosed(capacity), 1);
    }
}
