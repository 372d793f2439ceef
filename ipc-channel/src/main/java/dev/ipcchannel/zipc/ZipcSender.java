package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.internal.base.Argument;
import java.lang.foreign.MemorySegment;

/// The sender of a queue, of which each queue has one at a time, in any process and language.
///
/// Used by one thread at a time; [#close] by any. No call waits.
public final class ZipcSender extends ZipcEnd {

    private static final String VERB = "sends on";

    private ZipcSender(OpenQueue opened) {
        super(opened, "sender");
    }

    /// Opens the queue of that name; makes it, if no receiver has. What is in it stays.
    ///
    /// @param name with a slash in front, no other, and at most 39 bytes
    /// @param queueSize how many slots it has, from 2 on; one of them is always free
    /// @param messageSize the longest message, from 1 on
    /// @throws dev.ipcchannel.HandshakeFailed if what has that name in `/dev/shm` is no file of
    /// this user's alone, or too short
    /// @throws dev.ipcchannel.ProtocolViolation if the file is that of another queue
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws dev.ipcchannel.SystemCallFailed if the file cannot be opened for another reason
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    /// @throws IllegalArgumentException if that is no name of a queue, or a size is too small
    public static ZipcSender open(String name, int queueSize, int messageSize) {
        return open(name, queueSize, messageSize, ZipcOptions.defaults());
    }

    /// Opens the queue of that name with these options. Throws what
    /// [#open(String, int, int)] does.
    public static ZipcSender open(String name, int queueSize, int messageSize,
            ZipcOptions options) {
        return initialized(OpenQueue.open(name, queueSize, messageSize, options));
    }

    /// The sender of a queue in memory that the caller has, and that stays alive until this is
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
    public static ZipcSender over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id) {
        return over(memory, name, queueSize, messageSize, id, ZipcOptions.defaults());
    }

    /// The sender of a queue in memory that the caller has, with these options: of at least
    /// [Zipc#sharedMemorySize(int, int, ZipcOptions)] bytes. Throws what
    /// [#over(MemorySegment, String, int, int, long)] does.
    public static ZipcSender over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id, ZipcOptions options) {
        return initialized(OpenQueue.over(memory, name, queueSize, messageSize, id, options));
    }

    private static ZipcSender initialized(OpenQueue opened) {
        return opened.end(() -> {
            opened.queue().initialize();
            return new ZipcSender(opened);
        });
    }

    /// Sends a message, if there is a free slot, and wakes the receiver.
    ///
    /// @return whether it was accepted; if not, the queue is full, and nothing has changed
    /// @throws MessageTooLarge if it is longer than a slot
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the queue
    /// @throws dev.ipcchannel.EndClosed if this end is closed, also by another thread meanwhile:
    /// the message may have been sent then
    /// @throws IllegalStateException if another thread is sending
    public boolean send(byte[] message) {
        return send(message, 0, Argument.given(message, "message").length);
    }

    /// Sends these bytes of an array. Throws what [#send(byte[])] does, and:
    ///
    /// @throws IndexOutOfBoundsException if they are not all inside
    public boolean send(byte[] bytes, int offset, int length) {
        Argument.given(bytes, "bytes");
        checkInside(bytes, offset, length);
        int slot = begin(length);
        try {
            if (slot != ZipcQueue.NONE) {
                MemorySegment.copy(bytes, offset, queue.memory(), JAVA_BYTE, queue.slotAt(slot),
                        length);
                queue.publish(slot, length);
            }
            return slot != ZipcQueue.NONE;
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    private void checkInside(byte[] bytes, int offset, int length) {
        if ((offset | length) < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException(
                    "the bytes for %s are not all inside their array: offset=%d, length=%d,"
                            .formatted(queue, offset, length)
                            + " array=%d: give a part of it".formatted(bytes.length));
        }
    }

    /// Sends what is in a segment. Throws what [#send(byte[])] does.
    public boolean send(MemorySegment message) {
        long length = Argument.given(message, "message").byteSize();
        int slot = begin(length);
        try {
            if (slot != ZipcQueue.NONE) {
                MemorySegment.copy(message, 0, queue.memory(), queue.slotAt(slot), length);
                queue.publish(slot, (int) length);
            }
            return slot != ZipcQueue.NONE;
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            leave();
        }
    }

    /// Lets the thread in, until [#leave].
    ///
    /// @return the slot for the message, or [ZipcQueue#NONE]
    private int begin(long length) {
        if (length > messageSize) {
            throw new MessageTooLarge(
                    "a message is longer than the slots of zipc queue %s: bytes=%d, messageSize=%d: open"
                            .formatted(name(), length, messageSize)
                            + " it with a larger messageSize on both sides");
        }
        opened.enter(VERB);
        boolean isDone = false;
        try {
            int slot = queue.free();
            isDone = true;
            return slot;
        } catch (RuntimeException | InternalError failure) {
            throw opened.translate(failure);
        } finally {
            if (!isDone) {
                leave();
            }
        }
    }
}
