package dev.ipcchannel;

import dev.ipcchannel.internal.end.Outgoing;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Room for one message in shared memory, to be written in place. The room is in the ring itself,
/// or in memory of its own if the message is too long for the ring.
///
/// ```java
/// try (Claim claim = sender.claim(16)) {
///     claim.memory().set(JAVA_LONG, claim.offset(), orderId);
///     claim.memory().set(JAVA_LONG, claim.offset() + 8, price);
///     claim.commit();
/// } // left without commit: nothing is sent
/// ```
///
/// A claim belongs to the thread that made it. Until it is committed or closed, the process sends
/// no other message through the same ring. An exclusive sender uses the object again for its next
/// claim.
///
/// Do not write to its segment after [#commit] or [#close]. The memory usually remains mapped, but
/// from then on belongs to the receiver or to a later message. Such a write may change a message,
/// read or unread, and harms nothing but this channel.
public final class Claim implements AutoCloseable {

    private final Outgoing way;
    private final Sender<?> sender; // reachable while its claim is open
    private @Nullable MemorySegment memory; // null when no claim is open
    private long number; // of this claim, which is over once the outbox has another
    private long offset;
    private long length;

    Claim(Outgoing way, Sender<?> sender) {
        this.way = way;
        this.sender = sender;
    }

    Claim open(long newOffset, long newLength) {
        try {
            memory = way.view();
        } catch (RuntimeException | Error failure) { // the heap may have no room for a view
            way.abort();
            throw failure;
        }
        number = way.claimNumber();
        offset = newOffset;
        length = newLength;
        return this;
    }

    /// The memory to write to. Only the bytes from [#offset] to [#offset] + [#length] belong to
    /// this message.
    ///
    /// @throws IllegalStateException if the claim is committed or closed
    public MemorySegment memory() {
        MemorySegment current = memory;
        if (current == null || number != way.claimNumber()) {
            throw new IllegalStateException(
                    "this claim is not open: it was committed or closed, or its sender was");
        }
        return current;
    }

    /// The start of the message in [#memory], in bytes: 8 after a multiple of 64, the start of a
    /// cache line; 0 in memory of its own.
    public long offset() {
        return offset;
    }

    /// The length of the message in bytes.
    public long length() {
        return length;
    }

    /// The message's bytes as a slice. Allocates an object, unless the compiler can avoid it.
    public MemorySegment payload() {
        return memory().asSlice(offset, length);
    }

    /// Sends the message. Never waits. If it throws, nothing is sent, and the claim is over unless
    /// it belongs to another thread.
    ///
    /// @throws IllegalStateException if the claim is committed or closed, or belongs to another
    /// thread
    /// @throws Disconnected if the receiver is gone; not thrown by a sender by name
    /// @throws NoReceiver from a sender by name, if the last receiver has gone since the claim. So
    /// too with [dev.ipcchannel.named.Unreceived#WAIT], since a commit does not wait for another
    /// receiver
    /// @throws ResourceExhausted if the kernel lacks resources to send a long message, or if a
    /// receiver that joined a name since the claim has no room at once
    /// @throws MessageTooLarge if a receiver that joined a name since the claim takes no message of
    /// this length
    public void commit() {
        memory();
        if (!way.isClaimedHere()) {
            throw new IllegalStateException("no claim of this thread is open on this sender");
        }
        memory = null; // before the turn ends: the object may be used again at once
        try {
            way.commit();
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            Reference.reachabilityFence(sender);
        }
    }

    /// Gives the room up if the message was not committed. The second and later closes do nothing,
    /// nor does a close by a thread that did not make the claim.
    @Override
    public void close() {
        try {
            if (memory != null && number == way.claimNumber() && way.isClaimedHere()) {
                memory = null;
                way.abort();
            }
        } finally {
            Reference.reachabilityFence(sender);
        }
    }
}
