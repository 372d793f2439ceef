package dev.ipcchannel;

import dev.ipcchannel.internal.end.Outgoing;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Room for one message in shared memory, to be written in place: in the ring itself, or in memory
/// of its own if the message is too long for that.
///
/// ```java
/// try (Claim claim = sender.claim(16)) {
///     claim.memory().set(JAVA_LONG, claim.offset(), orderId);
///     claim.memory().set(JAVA_LONG, claim.offset() + 8, price);
///     claim.commit();
/// } // left without commit: nothing is sent
/// ```
///
/// It belongs to the thread that made it, and until it is committed or closed no other message goes
/// through the sender's process on that channel. An exclusive sender uses the object again for its
/// next claim.
///
/// Write nothing to a segment of it that was kept beyond [#commit] or [#close]: the memory is
/// mostly not taken away, and from then on belongs to the receiver or to a later message. Such a
/// write changes a message that may have been read already or not, and harms nothing but that
/// channel.
public final class Claim implements AutoCloseable {

    private final Outgoing way;
    private final Sender<?> sender; // not forgotten while a claim of it is open
    private @Nullable MemorySegment memory; // null when no claim is open
    private long number; // of this claim: it is over once the outbox has another
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

    /// The memory to write to. Only the bytes from [#offset] to [#offset] + [#length] are this
    /// message's.
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

    /// Where the message starts, in bytes: 8 behind a multiple of 64, the start of a cache line; or
    /// 0 in memory of its own.
    public long offset() {
        return offset;
    }

    /// How long the message is, in bytes.
    public long length() {
        return length;
    }

    /// The message's bytes as a slice of their own; allocates an object where the compiler cannot
    /// do without.
    public MemorySegment payload() {
        return memory().asSlice(offset, length);
    }

    /// Sends the message. Never waits. Where it throws one of these, nothing is sent, and the claim
    /// is over unless it is another thread's.
    ///
    /// @throws IllegalStateException if the claim is committed or closed, or another thread's
    /// @throws Disconnected if the receiver is found gone; not from a sender by name
    /// @throws NoReceiver from a sender by name, if the last receiver has gone since the claim:
    /// with [dev.ipcchannel.named.Unreceived#WAIT] too, since a commit does not wait for another
    /// @throws ResourceExhausted if the kernel lacks what a long message needs to go along, or if a
    /// receiver of a name that has joined since the claim has no room at once
    /// @throws MessageTooLarge if a receiver of a name that has joined since the claim takes no
    /// message of this length
    public void commit() {
        memory();
        if (!way.isClaimedHere()) {
            throw new IllegalStateException("no claim of this thread is open on this sender");
        }
        memory = null; // before the turn is given back: the object may be used again at once
        try {
            way.commit();
        } catch (RuntimeException failure) {
            throw Failures.translate(failure);
        } finally {
            Reference.reachabilityFence(sender);
        }
    }

    /// Gives the room up if the message was not committed. The second and later closes do nothing,
    /// nor does the close of another thread's claim.
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
