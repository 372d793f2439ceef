package dev.ipcchannel.internal.ring;

/// The writing side of a ring. Wait-free: a full ring is an answer, not a wait.
///
/// One thread at a time may call it; its owner sees to that. A message goes through [#claim],
/// the copy of its payload, and [#commit]; until the commit the reader sees nothing of it, and a
/// claim that is given up or cut off by a crash needs no repair.
///
/// Positions grow for ever; the index of a position in the ring is `position & (capacity - 1)`.
public final class RingWriter {

    /// The answer of [#claim] when the ring has no room.
    public static final long FULL = -1;

    /// How far the writer zeroes headers' places at once. The reader waits on the next one's cache
    /// line: a writer that zeroed it with every message would take that line away twice as often.
    static final int ZERO_AHEAD = 256;

    private final Memory memory;
    private final long capacity;
    private final long mask;
    private final SleepWord sleep;
    private final WakeWord reader;

    private long position;
    private long zeroed; // from our position up to here no place of a header holds an old one
    private long readerPosition; // as last seen, read again only when it says "full"

    // The open claim: `padding` bytes up to the ring's end, then the record.
    private long padding;
    private int payloadLength = -1;

    /// Starts at `position`, where the reader starts too, over a region whose header at that place
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

    /// Writes the lane's id into a region that nobody else knows of yet.
    public static void writeLaneId(Memory memory, long capacity, long laneId) {
        memory.storePlain(RingLayout.laneId(capacity), laneId);
    }

    /// Where the next record starts.
    public long position() {
        return position;
    }

    /// The reader's position as last seen: everything below it has been read.
    public long readerPosition() {
        return readerPosition;
    }

    /// Bytes committed and not yet given back, as the reader says now: for people to read.
    public long unread() {
        long seen = memory.loadAcquire(RingLayout.readerPosition(capacity));
        return Math.clamp(position - seen, 0, capacity);
    }

    /// Looks how far the reader is and checks what it says.
    ///
    /// @throws RingViolation if that place is ahead of the writer or more than a capacity behind
    public long refreshReaderPosition() {
        // Pairs with RingReader.publish.
        long seen = memory.loadAcquire(RingLayout.readerPosition(capacity));
        // It may only grow, up to our own position: both by subtraction, which holds across the
        // sign.
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
            abort(); // left open by an exception: its payload may lie where headers go
        }
        if (!hasRoom(length)) {
            return FULL;
        }
        padding = paddingFor(length);
        payloadLength = length;
        return (position + padding & mask) + RecordHeader.LENGTH;
    }

    /// Whether a claim of `length` would succeed now.
    public boolean hasRoom(int length) {
        long needed = needFor(length);
        return needed <= capacity - (position - readerPosition)
                || needed <= capacity - (position - refreshReaderPosition());
    }

    /// Bytes to the ring's end where the record does not fit before it, else 0.
    private long paddingFor(int length) {
        long rest = capacity - (position & mask);
        return RecordHeader.recordLength(length) <= rest ? 0 : rest;
    }

    /// Bytes that have to be free: the place of the next header is zeroed before the commit, and
    /// the reader gives back whole lines.
    private long needFor(int length) {
        return paddingFor(length) + RecordHeader.recordLength(length) + RecordHeader.ALIGNMENT;
    }

    /// Copies the first bytes of an array into the claimed payload.
    ///
    /// @param index where they go, from the payload's first byte on
    public void copyIn(int index, byte[] source, int length) {
        long payload = (position + padding & mask) + RecordHeader.LENGTH;
        memory.copyIn(source, 0, payload + index, length);
    }

    /// Stores a word into the claimed payload.
    public void putWord(int index, long word) {
        long payload = (position + padding & mask) + RecordHeader.LENGTH;
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

    /// Where the claimed record starts, behind the padding that its commit may need.
    public long claimedPosition() {
        return position + padding;
    }

    /// Shows the claimed record to the reader.
    ///
    /// Padding is committed after the record behind it, so that one store shows both.
    ///
    /// @param parts packets with descriptors that were sent for it
    /// @param ticket the number that those packets carry
    public void commit(int parts, int ticket) {
        commit(RecordHeader.message(payloadLength, parts, ticket));
    }

    /// Shows the claimed record to the reader: the place of a message that lies in a file.
    ///
    /// @param parts packets with descriptors that were sent for it
    /// @param ticket the number that those packets carry
    public void commitSpilled(int parts, int ticket) {
        commit(RecordHeader.spilled(payloadLength, parts, ticket));
    }

    /// Shows the claimed record to the reader: the names of files that are not used again.
    public void commitRetirement() {
        commit(RecordHeader.retirement(payloadLength, 0));
    }

    /// Shows an empty record in the place of the claimed one, which is given up after packets with
    /// descriptors were sent for it: so the reader closes what is in them.
    ///
    /// @param parts those packets
    public void commitGivenUp(int parts) {
        payloadLength = 0;
        zeroed = position + RecordHeader.ALIGNMENT; // the payload may lie where headers go
        commit(RecordHeader.retirement(0, parts));
    }

    private void commit(long header) {
        long start = position + padding;
        long next = start + RecordHeader.recordLength(payloadLength);
        if (zeroed - next <= 0) {
            zeroFrom(next); // else the reader would run on into an old lap's bytes
        }
        // Release: payload and next header are there before this word. Pairs with RingReader.poll.
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
            memory.storePlain(next + ahead & mask, 0);
        }
        zeroed = next + length;
    }

    /// Gives the claim up. The reader never learns of it, but places of headers may be overwritten.
    public void abort() {
        payloadLength = -1;
        zeroed = position + RecordHeader.ALIGNMENT;
    }

    /// After a commit: whether the reader sleeps and nobody has rung for it. Then [#rung] follows
    /// the bell.
    ///
    /// The fence keeps the look behind the commit. Without it, on x86 too, the look could come
    /// first: we see "awake", the reader sees "empty", and it sleeps for ever.
    public long readerToWake() {
        memory.fullFence(); // pairs with the fence in RingReader.arm
        return reader.unrungSleep();
    }

    /// Remembers that the bell for `sleep` has been rung.
    public void rung(long sleep) {
        reader.rung(sleep);
    }

    /// Says that the writer sleeps until there is room for `length` bytes, then looks once more.
    ///
    /// @return whether the ring is still full, so that sleeping is safe; [#disarm] follows in
    /// either case
    public boolean arm(int length) {
        return armUntil(position + needFor(length) - capacity);
    }

    /// Says that the writer sleeps until the reader's position is at least `need`, then looks once
    /// more.
    ///
    /// @return whether it is not, so that sleeping is safe; [#disarm] follows in either case
    public boolean armUntil(long need) {
        memory.storePlain(RingLayout.writerNeed(capacity), need);
        sleep.announce();
        memory.fullFence(); // pairs with the fence in RingReader.writerToWake
        return refreshReaderPosition() - need < 0;
    }

    /// Says that the writer is awake.
    public void disarm() {
        sleep.withdraw();
    }

    /// Which files the reader has let go, of those whose records it has passed as of the last
    /// [#refreshReaderPosition].
    public long filesLetGo() {
        // Pairs, by way of the position, with RingReader.letGo.
        return memory.loadAcquire(RingLayout.filesLetGo(capacity));
    }

    /// Whether the reader has closed in order.
    public boolean isReaderClosed() {
        // Pairs with RingReader.close.
        return memory.loadAcquire(RingLayout.readerClosed(capacity)) != 0;
    }

    /// Says that nothing more is coming. What was committed stays to be read.
    public void close() {
        // Behind every commit: see RingReader.isEnded.
        memory.storeRelease(RingLayout.writerClosed(capacity), 1);
    }
}
