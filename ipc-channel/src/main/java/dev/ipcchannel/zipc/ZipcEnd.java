package dev.ipcchannel.zipc;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;

/// One end of a queue that this process has open.
public abstract sealed class ZipcEnd implements AutoCloseable permits ZipcSender, ZipcReceiver {

    final OpenQueue opened;
    final ZipcQueue queue;
    final int messageSize;

    private final String kind;
    private final Cleanable forgotten;

    /// @param kind `sender` or `receiver`
    ZipcEnd(OpenQueue opened, String kind) {
        this.opened = opened;
        this.queue = opened.queue();
        this.messageSize = queue.layout().slotLength();
        this.kind = kind;
        this.forgotten = opened.closeWhenForgotten(this, kind);
    }

    /// A thread is done here that has entered: after this the end may be forgotten.
    final void leave() {
        try {
            opened.leave();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// The queue's name.
    public final String name() {
        return opened.name();
    }

    /// The number of this end, made of its process's and of when it was opened; or what the caller
    /// has said.
    public final long id() {
        return opened.id();
    }

    /// How many slots the queue has, one more than it has room for messages.
    public final int queueSize() {
        return queue.layout().slots();
    }

    /// The longest message.
    public final int messageSize() {
        return messageSize;
    }

    /// The bytes of memory that the queue takes.
    public final long sharedMemorySize() {
        return queue.layout().length();
    }

    /// The queue's memory, for reading, until this end is closed.
    public final MemorySegment sharedMemory() {
        return opened.memory();
    }

    /// The queue's memory in hexadecimal, or its first mebibyte.
    ///
    /// @throws dev.ipcchannel.EndClosed if this end is closed
    public final String dumpHex() {
        return opened.dumpHex();
    }

    /// The queue's indices and lengths in hexadecimal: its memory without the slots.
    ///
    /// @throws dev.ipcchannel.EndClosed if this end is closed
    public final String dumpQueueHex() {
        return opened.dumpQueueHex();
    }

    /// Lets the queue go, which stays for the other end, and for another one in the place of this.
    /// A wait of another thread ends. The second and later calls do nothing.
    ///
    /// @throws IllegalStateException if native code is using [#sharedMemory] or a segment of a
    /// message: this end is closed, but its memory stays mapped until another call
    @Override
    public final void close() {
        opened.close();
        forgotten.clean();
    }

    @Override
    public final String toString() {
        return kind + " of " + opened;
    }
}
