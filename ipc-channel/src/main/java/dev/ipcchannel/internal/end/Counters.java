package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.wait.WaitCount;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The counters of one end of a channel: what it has done and what it holds.
///
/// The one thread inside writes them, with the turn or in the guard. Any thread may read them: each
/// number is whole, but no two are read in any order. A write is a plain add and an opaque store,
/// neither atomic nor fenced.
///
/// [ProcessCounters] knows each open end, and keeps the sums of the closed ones.
public final class Counters implements WaitCount {

    /// The side of a channel that an end is at.
    public enum Side {
        /// The sending side.
        SENDER,
        /// The receiving side.
        RECEIVER
    }

    // The indexes of the numbers.
    private static final int MESSAGES = 0;
    private static final int BYTES = 1;
    private static final int BLOCKED = 2;
    private static final int WAKE_UPS = 3;
    private static final int BELLS = 4;
    private static final int SPILLS = 5;
    // Of waits for the turn, and for a receiver: they are counted under the lock, at the same time
    // as the thread that has the turn counts.
    private static final int LOCK_BLOCKED = 6;
    private static final int LOCK_WAKE_UPS = 7;
    private static final int HIGH_WATER_MARK = 8;
    // From here on: numbers that are not zero only while the end is open.
    private static final int ENDS = 9;
    private static final int DESCRIPTORS = 10;
    private static final int MEMORY = 11;
    private static final int ASLEEP_SINCE = 12; // 0 while it is awake
    private static final int LOCK_WAITING = 13; // threads that wait
    private static final int LOCK_STARTS = 14; // the sum of the times when they began
    private static final int LOCK_CHANGES = 15; // changes of these two; odd while they change
    private static final int COUNT = 16;

    // Two ends of one process are often made together and used by two threads: two cache lines on
    // either side keep the counters of one end off the cache lines of the other.
    private static final int PADDING = 16;
    private static final int MESSAGES_A_SAMPLE = 64;

    private static final VarHandle WORD =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final long[] words = new long[PADDING + COUNT + PADDING];
    private final Side side;
    private long spinClock; // used by the thread inside

    public Counters(Side side) {
        this.side = side;
    }

    Side side() {
        return side;
    }

    long[] words() {
        return words;
    }

    /// Counts a message of `length` bytes that was sent.
    ///
    /// @return whether it is time to measure how much is unread
    public boolean message(long length) {
        long count = plain(MESSAGES) + 1;
        set(MESSAGES, count);
        add(BYTES, length);
        return count % MESSAGES_A_SAMPLE == 0;
    }

    /// Counts messages that were received, and their bytes.
    public void messages(long count, long bytes) {
        add(MESSAGES, count);
        add(BYTES, bytes);
    }

    /// Counts a message that took a file.
    public void spilled() {
        add(SPILLS, 1);
    }

    /// Counts a bell that was rung for the other side.
    public void bell() {
        add(BELLS, 1);
    }

    /// Notes how many bytes are unread now.
    public void unread(long bytes) {
        if (bytes > plain(HIGH_WATER_MARK)) {
            set(HIGH_WATER_MARK, bytes);
        }
    }

    /// Notes that the thread inside begins to spin.
    ///
    /// @return `now`
    public long spinsFrom(long now) {
        spinClock = now;
        return now;
    }

    /// Notes that the thread inside has been spinning since the last call.
    ///
    /// @return `now`
    public long spinsUntil(long now) {
        add(BLOCKED, now - spinClock);
        spinClock = now;
        return now;
    }

    /// Notes that the thread inside goes to sleep. [#awake] follows in any case.
    public void asleep() {
        set(ASLEEP_SINCE, System.nanoTime() | 1); // 0 is "awake"
    }

    /// Notes that the thread inside is awake, if it slept at all.
    public void awake() {
        long since = plain(ASLEEP_SINCE);
        if (since != 0) {
            set(ASLEEP_SINCE, 0);
            add(BLOCKED, System.nanoTime() - since);
            add(WAKE_UPS, 1);
        }
    }

    @Override
    public void waitBegins(long now) {
        waiting(1, now);
    }

    @Override
    public void waitEnds(long start, long now) {
        waiting(-1, -start);
        add(LOCK_BLOCKED, now - start);
        add(LOCK_WAKE_UPS, 1);
    }

    /// Changes both numbers in one step for [#lockBlockedNow].
    private void waiting(int threads, long starts) {
        long changes = plain(LOCK_CHANGES);
        setVolatile(LOCK_CHANGES, changes + 1);
        setVolatile(LOCK_WAITING, plain(LOCK_WAITING) + threads);
        setVolatile(LOCK_STARTS, plain(LOCK_STARTS) + starts);
        setVolatile(LOCK_CHANGES, changes + 2);
    }

    private void setVolatile(int place, long value) {
        WORD.setVolatile(words, PADDING + place, value);
    }

    private static long getVolatile(long[] words, int place) {
        return (long) WORD.getVolatile(words, PADDING + place);
    }

    /// How long the threads that wait under the lock have waited up to now.
    private static long lockBlockedNow(long[] words) {
        long changes;
        long waiting;
        long starts;
        do {
            changes = getVolatile(words, LOCK_CHANGES);
            waiting = getVolatile(words, LOCK_WAITING);
            starts = getVolatile(words, LOCK_STARTS);
        } while (changes % 2 != 0 || changes != getVolatile(words, LOCK_CHANGES));
        return waiting <= 0 ? 0 // below 0: threads that woke after the end closed
                : Math.max(0, waiting * System.nanoTime() - starts);
    }

    /// Notes how many senders or receivers share this end.
    public void ends(int count) {
        set(ENDS, count);
    }

    /// Notes how many more descriptors and bytes the end holds; fewer if negative.
    void hold(long descriptors, long bytes) {
        add(DESCRIPTORS, descriptors);
        add(MEMORY, bytes);
    }

    /// Notes that the end is open, with its announcement socket, and adds it to the sums of the
    /// process.
    ///
    /// @param ends the number of senders or receivers that share it
    public void open(int ends) {
        ends(ends);
        hold(1, 0);
        register();
    }

    /// Adds the end to the sums of the process, until [#close].
    public void register() {
        ProcessCounters.PROCESS.add(this);
    }

    /// Notes that the end is closed and holds nothing any more.
    public void close() {
        release(words);
        ProcessCounters.PROCESS.fold(words);
    }

    /// Sets to zero, for a closed end, the numbers that only an open end has.
    static void release(long[] words) {
        for (int place = ENDS; place < COUNT; place++) {
            WORD.setOpaque(words, PADDING + place, 0L);
        }
    }

    /// Messages that were sent or received.
    public long messages() {
        return get(MESSAGES);
    }

    /// Bytes of these messages.
    public long bytes() {
        return get(BYTES);
    }

    /// Nanoseconds of all waits, including one that has not ended.
    public long blockedNanos() {
        long past;
        long since;
        do {
            since = get(ASLEEP_SINCE);
            past = get(BLOCKED) + get(LOCK_BLOCKED);
        } while (since != get(ASLEEP_SINCE)); // else a sleep may count twice or not at all
        past += lockBlockedNow(words);
        return since == 0 ? past : past + Math.max(0, System.nanoTime() - since);
    }

    /// For how many nanoseconds the thread inside has been asleep; 0 if it is awake, or if no
    /// thread is inside.
    public long asleepNanos() {
        long since = get(ASLEEP_SINCE);
        return since == 0 ? 0 : Math.max(0, System.nanoTime() - since);
    }

    /// Sleeps that have ended.
    public long wakeUps() {
        return get(WAKE_UPS) + get(LOCK_WAKE_UPS);
    }

    /// Bells that were rung for the other side.
    public long bells() {
        return get(BELLS);
    }

    /// The most bytes that were found unread at once.
    public long highWaterMark() {
        return get(HIGH_WATER_MARK);
    }

    /// Messages that took a file.
    public long spills() {
        return get(SPILLS);
    }

    /// Senders or receivers that are open.
    public int ends() {
        return (int) get(ENDS);
    }

    /// Descriptors that are open.
    public int descriptors() {
        return (int) get(DESCRIPTORS);
    }

    /// Bytes of memory that are mapped.
    public long memory() {
        return get(MEMORY);
    }

    /// The sum of everything that the ends of one side in this process have done, closed ones
    /// included, and that the open ones hold at this moment.
    public static Counters ofProcess(Side side) {
        return ProcessCounters.PROCESS.sum(side);
    }

    /// A copy of the numbers as they are now, which only the calling thread knows.
    public Counters copy() {
        Counters copy = new Counters(side);
        copy.addAll(words);
        return copy;
    }

    /// Adds what a lane has done, one of the many lanes by which each message of this end goes. The
    /// messages are not added, because this end has counted them; of the spills, the highest number
    /// of one lane counts. Called by one thread at a time.
    public void addLane(Counters lane) {
        unread(lane.highWaterMark());
        set(SPILLS, Math.max(plain(SPILLS), lane.spills()));
        add(BLOCKED, lane.blockedNanos());
        add(WAKE_UPS, lane.wakeUps());
        add(BELLS, lane.bells());
    }

    /// Adds what a lane holds.
    public void addHeld(Counters lane) {
        hold(lane.descriptors(), lane.memory());
    }

    /// Adds the numbers of other counters to these, which only the calling thread knows.
    void addAll(long[] others) {
        for (int place = 0; place < COUNT; place++) {
            long more = get(others, place);
            switch (place) {
                case HIGH_WATER_MARK -> unread(more);
                case ASLEEP_SINCE ->
                        add(BLOCKED, more == 0 ? 0 : Math.max(0, System.nanoTime() - more));
                case LOCK_CHANGES -> add(LOCK_BLOCKED, lockBlockedNow(others));
                case LOCK_WAITING, LOCK_STARTS -> { /* these as well */ }
                default -> add(place, more);
            }
        }
    }

    private void add(int place, long more) {
        set(place, plain(place) + more);
    }

    private long plain(int place) {
        return words[PADDING + place];
    }

    private void set(int place, long value) {
        WORD.setOpaque(words, PADDING + place, value);
    }

    private long get(int place) {
        return get(words, place);
    }

    private static long get(long[] words, int place) {
        return (long) WORD.getOpaque(words, PADDING + place);
    }
}
