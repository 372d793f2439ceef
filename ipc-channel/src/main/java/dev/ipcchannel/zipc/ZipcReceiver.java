package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The receiver of a queue, of which each queue has one at a time, in any process and language.
///
/// Used by one thread at a time; [#close] by any. The verbs are zipc's: [#receive()] never waits.
public final class ZipcReceiver extends ZipcEnd {

    private static final String VERB = "receives from";
    private static final Duration MAX_STRICT = Duration.ofMillis(999);
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2; // 146 years: no wrap-around
    private static final int MAX_KEPT = 4096; // of messages that are used again

    private final boolean isStrict;

    // Of the thread inside.
    private final @Nullable ZipcMessage[] messages; // one a slot: a message asks the heap for nothing
    private boolean isReady; // a sender has made the queue an empty one
    private int tail; // as it was at the last look
    private long clamped;
    private @Nullable ZipcMessage current;

    private ZipcReceiver(OpenQueue opened, ZipcOptions options) {
        super(opened, "receiver");
        this.isStrict = options.strict();
        this.messages = new ZipcMessage[Math.min(queue.layout().slots(), MAX_KEPT)];
        this.isReady = queue.isInitialized(); // or it throws: something else is there
    }

    /// Opens the queue of that name; makes its file, if no sender has. What is in it is received.
    ///
    /// @param name with a slash in front, no other, and at most 39 bytes
    /// @param queueSize how many slots it has, as its sender says
    /// @param messageSize the longest message, as its sender says
    /// @throws dev.ipcchannel.HandshakeFailed if what has that name in `/dev/shm` is no file of
    /// this user's alone, or too short
    /// @throws dev.ipcchannel.ProtocolViolation if the file is that of another queue
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws dev.ipcchannel.SystemCallFailed if the file cannot be opened for another reason
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    /// @throws IllegalArgumentException if that is no name of a queue, or a size is too small
    public static ZipcReceiver open(String name, int queueSize, int messageSize) {
        return open(name, queueSize, messageSize, ZipcOptions.defaults());
    }

    /// Opens the queue of that name with these options. Throws what
    /// [#open(String, int, int)] does.
    public static ZipcReceiver open(String name, int queueSize, int messageSize,
            ZipcOptions options) {
        OpenQueue opened = OpenQueue.open(name, queueSize, messageSize, options);
        return opened.end(() -> new ZipcReceiver(opened, options));
    }

    /// The receiver of a queue in memory that the caller has, and that stays alive until this is
    /// closed.
    ///
    /// @param memory native, at an address that is a multiple of 8, of at least
    /// [Zipc#sharedMemorySize(int, int)] bytes, of zeros or with the queue already in it
    /// @param name of the queue, for people
    /// @param id the number of this end, for people
    /// @throws IllegalArgumentException if the memory is none for this queue, that is no name of a
    /// queue, or a size is too small
    /// @throws dev.ipcchannel.ProtocolViolation if something else is in the memory
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    public static ZipcReceiver over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id) {
        return over(memory, name, queueSize, messageSize, id, ZipcOptions.defaults());
    }

    /// The receiver of a queue in memory that the caller has, with these options: of at least
    /// [Zipc#sharedMemorySize(int, int, ZipcOptions)] bytes. Throws what
    /// [#over(MemorySegment, String, int, int, long)] does.
    public static ZipcReceiver over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id, ZipcOptions options) {
        OpenQueue opened = OpenQueue.over(memory, name, queueSize, messageSize, id, options);
        return opened.end(() -> new ZipcReceiver(opened, options));
    }

    /// Looks for a message. Never waits.
    ///
    /// @return the oldest one, in place, until the next one is received; null if there is none
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the queue
    /// @throws dev.ipcchannel.EndClosed if this end is closed, also by another thread meanwhile
    /// @throws IllegalStateException if another thread is receiving
    public @Nullable ZipcMessage receive() {
        opened.enter(VERB);
        try {
            int slot = first();
            return slot == ZipcQueue.NONE ? null : take(slot);
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    /// Waits for a message, and for a sender to be there at all, at most so long.
    ///
    /// An interrupt and [#close] end the wait. A virtual thread gives its carrier away meanwhile,
    /// and takes a platform thread, which the kernel puts to sleep: a thousand that wait are a
    /// thousand threads of the operating system.
    ///
    /// @param timeout none or negative: one look; `ChronoUnit.FOREVER.getDuration()`: no end
    /// @return the oldest one, in place, until the next one is received; null if none has come
    /// @throws InterruptedException if the thread is interrupted while it would have to wait
    /// @throws IllegalArgumentException if that is more than 999 ms, with [ZipcOptions#strict]
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the queue
    /// @throws dev.ipcchannel.EndClosed if this end is closed, also by another thread meanwhile
    /// @throws IllegalStateException if another thread is receiving
    public @Nullable ZipcMessage receive(Duration timeout) throws InterruptedException {
        long nanos = nanos(timeout);
        opened.enter(VERB);
        try {
            int slot = await(nanos);
            return slot == ZipcQueue.NONE ? null : take(slot);
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    /// Looks for a message, and copies it before its slot is the sender's again: whole, whatever
    /// kind of sender it is. Never waits.
    ///
    /// @return how many bytes it has; -1 if there is none
    /// @throws IllegalArgumentException if it is longer than the array, and stays in the queue
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the queue
    /// @throws dev.ipcchannel.EndClosed if this end is closed, also by another thread meanwhile
    /// @throws IllegalStateException if another thread is receiving
    public int receive(byte[] target) {
        Argument.given(target, "target");
        opened.enter(VERB);
        try {
            return copy(first(), target);
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    /// Waits for a message as [#receive(Duration)] does, and copies it as [#receive(byte[])] does.
    ///
    /// @return how many bytes it has; -1 if none has come
    /// @throws InterruptedException if the thread is interrupted while it would have to wait
    /// @throws IllegalArgumentException if it is longer than the array, and stays in the queue; if
    /// the time is more than 999 ms, with [ZipcOptions#strict]
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the queue
    /// @throws dev.ipcchannel.EndClosed if this end is closed, also by another thread meanwhile
    /// @throws IllegalStateException if another thread is receiving
    public int receive(byte[] target, Duration timeout) throws InterruptedException {
        Argument.given(target, "target");
        long nanos = nanos(timeout);
        opened.enter(VERB);
        try {
            return copy(await(nanos), target);
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    private long nanos(Duration timeout) {
        Argument.given(timeout, "timeout");
        if (isStrict && timeout.compareTo(MAX_STRICT) > 0) {
            throw new IllegalArgumentException(
                    "a strict receiver of %s waits 999 ms at most: timeout=%s: wait again, or"
                            .formatted(queue, ShownTime.of(timeout)) + " open it without strict");
        }
        return Math.clamp(TimeUnit.NANOSECONDS.convert(timeout), 0, LONGEST_NANOS);
    }

    /// The slot of the oldest message; [ZipcQueue#NONE] if there is none.
    private int first() {
        if (!isReady && !queue.isInitialized()) {
            queue.checkUnused();
            tail = 0; // as long as there is no message: a load might see one that the look has not
            return ZipcQueue.NONE;
        }
        isReady = true;
        tail = queue.tail();
        return queue.first(tail);
    }

    private int await(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        int slot = first();
        for (long left = nanos; slot == ZipcQueue.NONE && left > 0; //
                left = nanos - (System.nanoTime() - start)) {
            // No longer than the tail is what it was before the look: a message that the look has
            // not found, also the first one of a sender that has just come, changes it.
            opened.await(tail, left);
            slot = first();
        }
        return slot;
    }

    private ZipcMessage take(int slot) {
        ZipcMessage message = message(slot); // first: the heap may have no room for it
        long said = queue.length(slot);
        queue.release(slot); // it stays this message's until the next release: see there
        current = message.of(checkedLength(said));
        return message;
    }

    private ZipcMessage message(int slot) {
        ZipcMessage kept = slot < messages.length ? messages[slot] : null;
        if (kept != null) {
            return kept;
        }
        ZipcMessage made = new ZipcMessage(this, slot, queue.slot(slot).asReadOnly());
        if (slot < messages.length) {
            messages[slot] = made;
        }
        return made;
    }

    private int copy(int slot, byte[] target) {
        if (slot == ZipcQueue.NONE) {
            return -1;
        }
        long said = queue.length(slot);
        if (isStrict && isTooLong(said)) { // before the look at the array, which may be shorter than the slot
            queue.release(slot);
            return checkedLength(said);
        }
        int length = (int) (isTooLong(said) ? messageSize : said);
        if (length > target.length) {
            throw new IllegalArgumentException(
                    "the array is shorter than the message, which stays in %s: bytes=%d, array=%d: take"
                            .formatted(queue, length, target.length) + " one of messageSize bytes");
        }
        MemorySegment.copy(queue.memory(), JAVA_BYTE, queue.slotAt(slot), target, 0, length);
        current = null;
        queue.release(slot);
        return checkedLength(said);
    }

    private boolean isTooLong(long said) {
        return said < 0 || said > messageSize; // unsigned
    }

    /// After the message is off the queue: the next one may be as it should.
    private int checkedLength(long said) {
        if (!isTooLong(said)) {
            return (int) said;
        }
        clamped++;
        if (isStrict) {
            current = null;
            throw new ProtocolViolation(
                    "a message in %s is said to be longer than its slot, and is dropped: bytes=%s, messageSize=%d: open it"
                            .formatted(queue, Long.toUnsignedString(said), messageSize)
                            + " with the sizes of the sender");
        }
        return messageSize;
    }

    /// The bytes of a message, also where the memory goes meanwhile.
    byte[] copy(MemorySegment bytes) {
        try {
            byte[] copy = bytes.toArray(JAVA_BYTE);
            queue.settle();
            return copy;
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        }
    }

    void checkCurrent(ZipcMessage message) {
        opened.checkOpen();
        if (current != message) {
            throw new IllegalStateException(
                    "this message of %s is over, for the next one was received: copy"
                            .formatted(queue)
                            + " what is needed of it before that, or receive into an array");
        }
    }

    /// How many messages were said to be longer than their slots, and were cut to them or dropped:
    /// their sender has other sizes, or is broken. For the thread that receives.
    public long clamped() {
        return clamped;
    }
}
