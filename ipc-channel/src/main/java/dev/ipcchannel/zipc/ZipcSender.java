package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.internal.base.Argument;
import java.lang.foreign.MemorySegment;

/// A sender of a queue. Each queue has one at a time, in any process and language.
///
/// One thread at a time uses it; any thread may [#close] it. No call waits.
public final class ZipcSender extends ZipcEnd {

    private static final String VERB = "sends on";

    private ZipcSender(OpenQueue opened) {
        super(opened, "sender");
    }

    /// Opens the queue of that name. Makes its file if it is missing. Messages already in it are
    /// kept.
    ///
    /// @param name a slash and then at most 38 bytes without another slash
    /// @param queueSize the number of slots, at least 2; one of them is always free
    /// @param messageSize the longest message, at least 1 byte
    /// @throws dev.ipcchannel.HandshakeFailed if the file of that name in `/dev/shm` is not private
    /// to this user, or is too short
    /// @throws dev.ipcchannel.ProtocolViolation if the file is another queue
    /// @throws dev.ipcchannel.ResourceExhausted if memory or descriptors have run out
    /// @throws dev.ipcchannel.SystemCallFailed if the file cannot be opened for another reason
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    /// @throws IllegalArgumentException if `name` is not a valid name of a queue, or a size is too
    /// small
    public static ZipcSender open(String name, int queueSize, int messageSize) {
        return open(name, queueSize, messageSize, ZipcOptions.defaults());
    }

    /// Opens the queue of that name with these options. Throws what [#open(String, int, int)]
    /// throws.
    public static ZipcSender open(String name, int queueSize, int messageSize,
            ZipcOptions options) {
        return initialized(OpenQueue.open(name, queueSize, messageSize, options));
    }

    /// A sender of a queue in memory of the caller, which must remain valid until this sender is
    /// closed.
    ///
    /// @param memory native, at an address that is a multiple of 8, of at least
    /// [Zipc#sharedMemorySize(int, int)] bytes, of zeros or with the queue already in it
    /// @param name of the queue, for people
    /// @param id the number of this end, for people
    /// @throws IllegalArgumentException if the memory does not fit this queue, `name` is not a
    /// valid name of a queue, or a size is too small
    /// @throws dev.ipcchannel.ProtocolViolation if the memory has other contents
    /// @throws dev.ipcchannel.UnsupportedPlatform if this library does not run on this machine
    public static ZipcSender over(MemorySegment memory, String name, int queueSize,
            int messageSize, long id) {
        return over(memory, name, queueSize, messageSize, id, ZipcOptions.defaults());
    }

    /// A sender of a queue in memory of the caller, with these options; the memory has at least
    /// [Zipc#sharedMemorySize(int, int, ZipcOptions)] bytes. Throws what [#over(MemorySegment,
    /// String, int, int, long)] throws.
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

    /// Sends a message if there is a free slot, and wakes the receiver.
    ///
    /// @return whether the message was sent; if not, the queue is full and nothing has changed
    /// @throws MessageTooLarge if the message is longer than a slot
    /// @throws dev.ipcchannel.ProtocolViolation if the other side has broken the format
    /// @throws dev.ipcchannel.EndClosed if this end is closed; if another thread closes it
    /// meanwhile, the message may have been sent
    /// @throws IllegalStateException if another thread is sending
    public boolean send(byte[] message) {
        return send(message, 0, Argument.given(message, "message").length);
    }

    /// Sends some bytes of an array. Throws what [#send(byte[])] throws, and:
    ///
    /// @throws IndexOutOfBoundsException if they are not all inside the array
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

    /// Sends the bytes of a segment. Throws what [#send(byte[])] throws.
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

    /// Enters, until [#leave], and looks for a free slot.
    ///
    /// @return the slot for the message, or [ZipcQueue#NONE] if the queue is full
    private int begin(long length) {
        if (length > messageSize) {
            throw new MessageTooLarge(
                    ("a message is longer than the slots of zipc queue %s: bytes=%d,"
                            + " messageSize=%d: open")
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
