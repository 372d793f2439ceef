package dev.ipcchannel.zipc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.internal.posix.Futex;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The accesses of both sides to the words of a queue in shared memory.
///
/// The sender writes the tail, the lengths and the slots; the receiver writes the head. Each index
/// read from this memory is checked before use, since the other process may write anything. There
/// is no compare-and-set here: if the other process has truncated the file, the JVM turns a fault
/// of a load or store into an error, but crashes on a fault of a compare-and-set.
final class ZipcQueue {

    /// The result if there is no slot.
    static final int NONE = -1;

    /// The flag of an initialized queue: `CPIZ` in the order of its bytes.
    static final int MAGIC = 0x5a495043;

    private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle BYTE = JAVA_BYTE.varHandle().withInvokeExactBehavior();

    private final String name;
    private final QueueLayout layout;
    private final MemorySegment memory;

    // Copies of values of the layout: a final field here is cheaper to read than one of a record.
    private final int slots;
    private final int slotLength;
    private final long tailAddress;
    private volatile int turns = 0b111; // for three turns; never written again: see settle

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

    /// The address that a receiver sleeps on.
    long tailAddress() {
        return tailAddress;
    }

    /// Initializes the queue as empty, unless a sender has done so. The sender calls it before
    /// anything else.
    ///
    /// The count of waiters is not changed: an earlier receiver may be counted there.
    ///
    /// @throws ProtocolViolation if the flag has another value, or if the memory is a queue of
    /// other sizes
    void initialize() {
        if (isInitialized()) {
            return;
        }
        checkUnused();
        if (isInitialized()) {
            return; // by another sender meanwhile
        }
        INT.setVolatile(memory, QueueLayout.HEAD, 0);
        INT.setVolatile(memory, QueueLayout.TAIL, 0);
        for (int i = 0; i < Integer.BYTES; i++) {
            // A release for the stores above; its partner is in isInitialized. Only with its last
            // byte is the flag complete.
            BYTE.setRelease(memory, layout.flag() + i, magicByte(i));
        }
    }

    /// Whether a sender has initialized the queue. Stores before the flag are visible after this.
    ///
    /// The flag is read and written byte by byte: in [ZipcDialect#CLASSIC] it may be unaligned,
    /// where only bytes can be accessed atomically.
    ///
    /// @throws ProtocolViolation if the flag has another value
    boolean isInitialized() {
        boolean isWhole = true;
        for (int i = Integer.BYTES - 1; i >= 0; i--) { // the byte written last is read first
            byte found = (byte) BYTE.getAcquire(memory, layout.flag() + i);
            if (found != 0 && found != magicByte(i)) {
                throw violation("flag=0x%08x".formatted(flag()), "needed=0x%08x".formatted(MAGIC));
            }
            isWhole &= found != 0; // only some bytes: a sender is writing it, or was killed
        }
        settle();
        return isWhole;
    }

    /// Checks that the indices of a queue without its flag are 0. Other values belong to a queue of
    /// other sizes, whose flag is elsewhere and whose messages a sender would overwrite.
    ///
    /// @throws ProtocolViolation if an index is not 0
    void checkUnused() {
        int head = (int) INT.getVolatile(memory, QueueLayout.HEAD);
        int tail = (int) INT.getVolatile(memory, QueueLayout.TAIL);
        // The flag is read again, since it is set before a sender moves the tail.
        if ((head != 0 || tail != 0) && !isInitialized()) {
            throw violation("head=%s, tail=%s".formatted(Integer.toUnsignedString(head),
                    Integer.toUnsignedString(tail)), "flag=0x%08x".formatted(flag()));
        }
    }

    private static byte magicByte(int place) {
        return (byte) (MAGIC >>> (place * Byte.SIZE)); // both architectures are little-endian
    }

    private int flag() {
        return memory.get(JAVA_INT.withByteAlignment(1), layout.flag());
    }

    /// The slot that the sender may write until [#publish]; [#NONE] if the queue is full. Called
    /// before any byte is copied: in a full queue, the slot at the tail is the one that the
    /// receiver reads.
    int free() {
        int tail = index((int) INT.get(memory, QueueLayout.TAIL), "tail"); // the sender's own
        // Partner of the release in `release`: the receiver has read that slot.
        int head = index((int) INT.getAcquire(memory, QueueLayout.HEAD), "head");
        settle();
        return after(tail) == head ? NONE : tail;
    }

    /// Gives the slot to the receiver and wakes it. It always makes the wake call, since receivers
    /// of the first versions do not count themselves as waiters.
    void publish(int slot, int length) {
        LONG.set(memory, layout.lengthAt(slot), (long) length);
        // Partner of the acquire in `first`: the length and the bytes are there.
        INT.setRelease(memory, QueueLayout.TAIL, after(slot));
        // The kernel orders the store above before its search for sleepers. And the return of a
        // native call is a poll, see settle, which reports a fault of the message's copy.
        wake();
    }

    /// Wakes a sleeping receiver, which sleeps again if there is no message.
    void wake() {
        Futex.wake(tailAddress, 1);
    }

    /// The slot of the oldest message, for the receiver.
    ///
    /// @param tail from [#tail]
    /// @return [#NONE] if the queue is empty
    int first(int tail) {
        int head = index((int) INT.get(memory, QueueLayout.HEAD), "head"); // the receiver's own
        settle();
        return head == index(tail, "tail") ? NONE : head;
    }

    /// The tail, for [#first] and for the wait until it changes. Partner of the release in
    /// [#publish]: the sender's stores before it are visible after this.
    int tail() {
        return (int) INT.getAcquire(memory, QueueLayout.TAIL);
    }

    /// The length of the message in `slot` as written by the sender, which may be any number.
    long length(int slot) {
        return (long) LONG.get(memory, layout.lengthAt(slot));
    }

    /// Takes the message in this slot off the queue, and gives the slot before it back to the
    /// sender. This slot can still be read until the next release: even if the queue becomes full,
    /// it is the one free slot, which the sender does not write.
    void release(int slot) {
        // Partner of the acquire in `free`: all reads of the slot before are done.
        INT.setRelease(memory, QueueLayout.HEAD, after(slot));
        settle();
    }

    /// Counts the receiver as a waiter or not, for senders that make a wake call only if there is
    /// one.
    ///
    /// There is one receiver, so a store does instead of an addition. It is volatile: such a sender
    /// stores the tail, then reads this count; the receiver stores the count, then has the kernel
    /// compare the tail. So one of the two sees the other's store.
    void setWaiting(boolean isWaiting) {
        INT.setVolatile(memory, QueueLayout.WAITERS, isWaiting ? 1 : 0);
    }

    /// Has the JVM throw a fault of this memory here. After an access to a missing page, the JVM
    /// throws an [InternalError] only at the thread's next safepoint poll, which without this
    /// method might be in the caller's code.
    ///
    /// A loop has a poll in each turn if the compiler cannot know the number of turns.
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

    /// The offset of a slot in the memory.
    long slotAt(int slot) {
        return layout.slotAt(slot);
    }

    private ProtocolViolation violation(String found, String allowed) {
        return new ProtocolViolation(
                ("the memory of zipc queue %s is not that of a queue of this size: %s, %s: open it"
                        + " with")
                        .formatted(name, found, allowed)
                        + " the sizes and the dialect of the other side, or unlink it and let both"
                        + " sides open it again");
    }

    @Override
    public String toString() {
        return "zipc queue %s of %s".formatted(name, layout.sizes());
    }
}
