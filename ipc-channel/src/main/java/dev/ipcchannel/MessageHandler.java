package dev.ipcchannel;

import java.lang.foreign.MemorySegment;

/// A reader of messages where they lie in shared memory.
///
/// The sending process can still write to the bytes. Unless you trust it, copy them first and check
/// the copy.
@FunctionalInterface
public interface MessageHandler {

    /// Reads one message: the `length` bytes of `memory` from `offset` on. The offset is 8 after a
    /// multiple of 64, the start of a cache line; it is 0 for a message too long for the ring,
    /// which has memory of its own. Bytes that this library wrote are little-endian. The handler
    /// may read them until it returns. There are three arguments and not a slice, so that nothing
    /// is allocated.
    ///
    /// The handler may send, and may close its receiver. To receive from that receiver is an
    /// `IllegalStateException`. If the handler throws, the message counts as received and the
    /// exception reaches the caller of `receive`.
    void onMessage(MemorySegment memory, long offset, long length);
}
