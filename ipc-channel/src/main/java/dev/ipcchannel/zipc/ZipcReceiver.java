package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A receiver of a queue. Each queue has one at a time, in any process and language.
///
/// One thread at a time uses it; any thread may [#close] it. The names of the methods are zipc's:
/// [#receive()] never waits.
public final class ZipcReceiver extends ZipcEnd {

    private static final String VERB = "receives from";
    private static final Duration MAX_STRICT = Duration.ofMillis(999);
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2; // 146 years: no overflow
    private static final int MAX_KEPT = 4096; // message objects that are used again

    private final boolean isStrict;

    // Used by the thread inside.
    private final @Nullable ZipcMessage[] messages; // one a slot: nothing is allocated
    private boolean isReady; // a sender has initialized the queue
    private int tail; // at the last look
    private long clamped;
    private @Nullable ZipcMessage current;

    private ZipcReceiver(OpenQueue opened, ZipcOptions options) {
        super(opened, "receiver");
        this.isStrict = options.strict();
        this.messages = new ZipcMessage[Math.min(queue.layout().slots(), MAX_KEPT)];
        this.isReady = queue.isInitialized(); // throws if the memory is not such a queue
    }

    /// Opens the queue of that name. Makes its file if it is missing. Messages already in it are
    /// received.
    ///
    /// @param name a slash and then at most 38 bytes without another slash
    /// @param queueSize the number of slots, the same as the sender's
    /// @param messageSize the longest message, the same as the sender's
    /// @throws dev.ipcchannel.HandshakeFailed if the file of that name in `/dev/shm` is not private
    /// to this user, or is too short
    /// @throws dev.ipcchannel.ProtocolViolation if the file is another queue
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws dev.ipcchannel.SystemCallFailed if the file cannot be opened for another reason
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    /// @throws IllegalArgumentException if `name` is not a valid name of a queue, or a size is too
    /// small
    public static ZipcReceiver open(String name, int queueSize, int messageSize) {
        return open(name, queueSize, messageSize, ZipcOptions.defaults());
    }

    /// Opens the queue of that name with these options. Throws what [#open(String, int, int)]
    /// throws.
    public static ZipcReceiver open(String name, int queueSize, int messageSize,
            ZipcOptions options) {
        OpenQueue opened = OpenQueue.open(name, queueSize, messageSize, options);
        return opened.end(() -> new ZipcReceiver(opened, options));
    }

    /// A receiver of a queue in memory of the caller, which must remain valid until this receiver
    /// is closed.
    ///
    /// @param memory native, at an address that is a multiple of 8, of at least
    /// [Zipc#sharedMemorySize(int, int)] bytes, of zeros or with the queue already in it
    /// @param name of the queue, for people
    /// @param id the number of this end, for people
    /// @throws IllegalArgumentException if the memory does not fit this queue, `name` is not a
    /// valid name of a queue, or a size is too small
    /// @throws dev.ipcchannel.ProtocolViolation if the memory has other contents
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    public static ZipcReceiver over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id) {
        return over(memory, name, queueSize, messageSize, id, ZipcOptions.defaults());
    }

    /// A receiver of a queue in memory of the caller, with these options; the memory has at least
    /// [Zipc#sharedMemorySize(int, int, ZipcOptions)] bytes. Throws what [#over(MemorySegment,
    /// String, int, int, long)] throws.
    public static ZipcReceiver over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id, ZipcOptions options) {
        OpenQueue opened = OpenQueue.over(memory, name, queueSize, messageSize, id, options);
        return opened.end(() -> new ZipcReceiver(opened, options));
    }

    /// Receives a message if there is one. Never waits.
    ///
    /// @return the oldest message, in place, valid until the next one is received; null if there is
    /// none
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the format
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

    /// Waits at most `timeout` for a message, also while no sender has opened the queue.
    ///
    /// An interrupt and [#close] end the wait. The wait of a virtual thread releases its carrier
    /// but uses a platform thread, which sleeps in the kernel: a thousand waiting virtual threads
    /// are a thousand threads of the operating system.
    ///
    /// @param timeout zero or negative: one look; `ChronoUnit.FOREVER.getDuration()`: without end
    /// @return the oldest message, in place, valid until the next one is received; null if none
    /// came in time
    /// @throws InterruptedException if the thread is interrupted while it would have to wait
    /// @throws IllegalArgumentException if `timeout` is more than 999 ms, with [ZipcOptions#strict]
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the format
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

    /// Receives a message if there is one, and copies it before the sender gets its slot back, so
    /// that the copy is consistent with any kind of sender. Never waits.
    ///
    /// @return the length of the message; -1 if there is none
    /// @throws IllegalArgumentException if the message is longer than the array; it remains in the
    /// queue
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the format
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
    /// @return the length of the message; -1 if none came in time
    /// @throws InterruptedException if the thread is interrupted while it would have to wait
    /// @throws IllegalArgumentException if the message is longer than the array; it remains in the
    /// queue. Also if `timeout` is more than 999 ms, with [ZipcOptions#strict]
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the format
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
            tail = 0; // the tail without messages: a load might see a later one
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
            // Sleeps only while the tail is that of the last look: each later message changes it,
            // also the first message of a new sender.
            opened.await(tail, left);
            slot = first();
        }
        return slot;
    }

    private ZipcMessage take(int slot) {
        ZipcMessage message = message(slot); // first: the heap may have no room for it
        long stated = queue.length(slot);
        queue.release(slot); // it can be read until the next release: see there
        current = message.of(checkedLength(stated));
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
        long stated = queue.length(slot);
        if (isStrict && isTooLong(stated)) { // before the array's check
            queue.release(slot);
            return checkedLength(stated);
        }
        int length = (int) (isTooLong(stated) ? messageSize : stated);
        if (length > target.length) {
            throw new IllegalArgumentException(
                    ("the array is shorter than the message, which stays in %s: bytes=%d,"
                            + " array=%d: take")
                            .formatted(queue, length, target.length) + " one of messageSize bytes");
        }
        MemorySegment.copy(queue.memory(), JAVA_BYTE, queue.slotAt(slot), target, 0, length);
        current = null;
        queue.release(slot);
        return checkedLength(stated);
    }

    private boolean isTooLong(long stated) {
        return stated < 0 || stated > messageSize; // as an unsigned number
    }

    /// The checked length of a message. Called after the message is off the queue, so that later
    /// messages can be received.
    private int checkedLength(long stated) {
        if (!isTooLong(stated)) {
            return (int) stated;
        }
        clamped++;
        if (isStrict) {
            current = null;
            throw new ProtocolViolation(
                    ("a message in %s is said to be longer than its slot, and is dropped:"
                            + " bytes=%s, messageSize=%d: open it")
                            .formatted(queue, Long.toUnsignedString(stated), messageSize)
                            + " with the sizes of the sender");
        }
        return messageSize;
    }

    /// A copy of the bytes of a message. Fails properly if the memory disappears meanwhile.
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

    /// The number of messages whose length was greater than their slot, and that were cut or
    /// dropped: their sender has other sizes, or is broken. For the receiving thread.
    public long clamped() {
        return clamped;
    }
}
