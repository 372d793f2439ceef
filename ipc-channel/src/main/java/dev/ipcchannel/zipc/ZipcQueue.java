package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.posix.Futex;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// A queue's words in shared memory: what each of its two sides reads and writes there.
///
/// The sender writes the tail, the lengths and the slots, the receiver the head. Each index that
/// comes out of this memory is checked before it is used: the other process may write what it
/// likes. Nothing here is a compare-and-set: where the other process has cut the file, the JVM
/// turns a fault of a load or store into an error, and dies of one in a compare-and-set.
final class ZipcQueue {

    /// The answer where there is no slot.
    static final int NONE = -1;

    /// What the flag says of a queue that can be used: `CPIZ` in the order of its bytes.
    static final int MAGIC = 0x5a495043;

    private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle BYTE = JAVA_BYTE.varHandle().withInvokeExactBehavior();

    private final String name;
    private final QueueLayout layout;
    private final MemorySegment memory;

    // Copies of what the layout has: the compiler reads a final field here cheaper than through a
    // record.
    private final int slots;
    private final int slotLength;
    private final long tailAddress;
    private volatile int turns = 0b111; // three, which is never written again: see settle

    ZipcQueue(String name, QueueLayout layout, MemorySegment memory) {
        this.name = name;
        this.layout = layout;
        this.memory = memory;
        this.slots = layout.slots();
        this.slotLength = layout.slotLength();
        this.tailAddress = memory.address() + QueueLayout.TAIL;
    }

    MemorySegment memory() {
        return memory;
    }

    QueueLayout layout() {
        return layout;
    }

    /// Where a thread sleeps that waits for a message.
    long tailAddress() {
        return tailAddress;
    }

    /// Makes the queue an empty one, if nobody has: for the sender, before anything else.
    ///
    /// The count of waiters stays: a receiver that came first may be among them.
    ///
    /// @throws ProtocolViolation if there is something else where the flag should be, or the memory
    /// is in use as a queue of other sizes
    void initialize() {
        if (isInitialized()) {
            return;
        }
        checkUnused();
        if (isInitialized()) {
            return; // by another sender, meanwhile
        }
        INT.setVolatile(memory, QueueLayout.HEAD, 0);
        INT.setVolatile(memory, QueueLayout.TAIL, 0);
        for (int i = 0; i < Integer.BYTES; i++) {
            // A release for all before: isInitialized has its partner. The byte that is missing
            // last makes the flag; the ones before it are none.
            BYTE.setRelease(memory, layout.flag() + i, magicByte(i));
        }
    }

    /// Whether a sender has made the queue an empty one. What is written before the flag is seen
    /// after this.
    ///
    /// The flag is read and written by bytes: in [ZipcDialect#CLASSIC] it may lie across two words,
    /// where nothing else is allowed to be atomic.
    ///
    /// @throws ProtocolViolation if there is something else where the flag should be
    boolean isInitialized() {
        boolean isWhole = true;
        for (int i = Integer.BYTES - 1; i >= 0; i--) { // the last one that is written comes first
            byte found = (byte) BYTE.getAcquire(memory, layout.flag() + i);
            if (found != 0 && found != magicByte(i)) {
                throw violation("flag=0x%08x".formatted(flag()), "needed=0x%08x".formatted(MAGIC));
            }
            isWhole &= found != 0; // some of them: a sender is at it, or was killed there
        }
        settle();
        return isWhole;
    }

    /// Checks that the indices of a queue without its flag are 0. Others are those of a queue of
    /// other sizes, whose flag lies elsewhere, and whose messages a sender would overwrite.
    ///
    /// @throws ProtocolViolation if they are not
    void checkUnused() {
        int head = (int) INT.getVolatile(memory, QueueLayout.HEAD);
        int tail = (int) INT.getVolatile(memory, QueueLayout.TAIL);
        // The flag once more: it is set before a sender moves its tail.
        if ((head != 0 || tail != 0) && !isInitialized()) {
            throw violation("head=%s, tail=%s".formatted(Integer.toUnsignedString(head),
                    Integer.toUnsignedString(tail)), "flag=0x%08x".formatted(flag()));
        }
    }

    private static byte magicByte(int place) {
        return (byte) (MAGIC >>> (place * Byte.SIZE)); // both processors have the lowest one first
    }

    private int flag() {
        return memory.get(JAVA_INT.withByteAlignment(1), layout.flag());
    }

    /// The slot that the sender may write, which is nobody else's until [#publish]; [#NONE] if the
    /// queue is full. Asked before a byte is copied: in a full queue, the slot at the tail is the
    /// one that the receiver looks at.
    int free() {
        int tail = index((int) INT.get(memory, QueueLayout.TAIL), "tail"); // the sender's own
        // Partner of the release in `release`: the receiver is done with that slot.
        int head = index((int) INT.getAcquire(memory, QueueLayout.HEAD), "head");
        settle();
        return after(tail) == head ? NONE : tail;
    }

    /// Gives the slot to the receiver, and wakes it. Always: receivers of the first versions do not
    /// say that they sleep.
    void publish(int slot, int length) {
        LONG.set(memory, layout.lengthAt(slot), (long) length);
        // Partner of the acquire in `first`: the length and the bytes are there.
        INT.setRelease(memory, QueueLayout.TAIL, after(slot));
        // The kernel orders the store above before its look for sleepers. And the return of a
        // native call is a poll, see settle: of what the copy of the message may have met.
        wake();
    }

    /// Wakes a receiver that sleeps: it looks, and sleeps on if there is nothing.
    void wake() {
        Futex.wake(tailAddress, 1);
    }

    /// The slot of the oldest message, for the receiver.
    ///
    /// @param tail as [#tail] gave it
    /// @return [#NONE] if the queue is empty
    int first(int tail) {
        int head = index((int) INT.get(memory, QueueLayout.HEAD), "head"); // the receiver's own
        settle();
        return head == index(tail, "tail") ? NONE : head;
    }

    /// The tail as it is, for [#first] and for the wait until it changes. What the sender wrote
    /// before it is seen after this: partner of the release in [#publish].
    int tail() {
        return (int) INT.getAcquire(memory, QueueLayout.TAIL);
    }

    /// The length that the sender says the message in `slot` has, which may be anything.
    long length(int slot) {
        return (long) LONG.get(memory, layout.lengthAt(slot));
    }

    /// Gives the slot before this one back to the sender, and takes the message in this one off the
    /// queue: a queue that is full from here on has this slot as its free one, which nobody writes.
    void release(int slot) {
        // Partner of the acquire in `free`: what was read of the slot before is read.
        INT.setRelease(memory, QueueLayout.HEAD, after(slot));
        settle();
    }

    /// Says that the receiver goes to sleep, or has come back, for senders that wake only then.
    ///
    /// There is one receiver, so a store does what a sum would. It is volatile: those senders store
    /// the tail and then look here, the receiver stores here and then has the kernel look at the
    /// tail, and one of the two sees the other.
    void setWaiting(boolean isWaiting) {
        INT.setVolatile(memory, QueueLayout.WAITERS, isWaiting ? 1 : 0);
    }

    /// Has the JVM throw here what the looks at this memory have met. Of a page that is gone it
    /// takes a note, and throws an [InternalError] at the thread's next poll: without this, perhaps
    /// only in the code of a caller who knows nothing of it.
    ///
    /// There is a poll in each turn of a loop whose number of turns the compiler cannot know.
    void settle() {
        for (int left = turns; left != 0; left >>>= 1) {
            // a poll
        }
    }

    private int after(int slot) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    private int index(int found, String word) {
        if (found < 0 || found >= slots) {
            throw violation(word + "=" + Integer.toUnsignedString(found), "slots=" + slots);
        }
        return found;
    }

    /// The bytes of a slot.
    MemorySegment slot(int slot) {
        return memory.asSlice(layout.slotAt(slot), slotLength);
    }

    /// Where its bytes begin.
    long slotAt(int slot) {
        return layout.slotAt(slot);
    }

    private ProtocolViolation violation(String found, String allowed) {
        return new ProtocolViolation(
                "the memory of zipc queue %s is not that of a queue of this size: %s, %s: open it with"
                        .formatted(name, found, allowed)
                        + " the sizes and the dialect of the other side, or unlink it and let both"
                        + " sides open it again");
    }

    @Override
    public String toString() {
        return "zipc queue %s of %s".formatted(name, layout.sizes());
    }
}
