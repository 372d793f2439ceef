package dev.ipcchannel.zipc;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;

/// An end of a queue, open in this process.
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

    /// Leaves after an enter. Keeps this end reachable until then.
    final void leave() {
        try {
            opened.leave();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// The name of the queue.
    public final String name() {
        return opened.name();
    }

    /// The number of this end, made of the process number and the time of the opening; or the
    /// number that the caller gave.
    public final long id() {
        return opened.id();
    }

    /// The number of slots of the queue, one more than the messages that it has room for.
    public final int queueSize() {
        return queue.layout().slots();
    }

    /// The length of the longest message, in bytes.
    public final int messageSize() {
        return messageSize;
    }

    /// The bytes of memory that the queue takes.
    public final long sharedMemorySize() {
        return queue.layout().length();
    }

    /// The queue's memory, read-only, until this end is closed.
    public final MemorySegment sharedMemory() {
        return opened.memory();
    }

    /// The queue's memory in hexadecimal, at most its first mebibyte.
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

    /// Closes this end. The queue remains for the other end, and for an end opened in place of this
    /// one. A wait of another thread ends. The second and later calls do nothing.
    ///
    /// @throws IllegalStateException if native code is using [#sharedMemory] or a segment of a
    /// message: this end is closed, but its memory remains mapped until another call
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
