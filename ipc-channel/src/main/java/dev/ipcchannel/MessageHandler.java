package dev.ipcchannel;

import java.lang.foreign.MemorySegment;

/// A reader of messages where they lie in shared memory.
///
/// The sending process can still write to the bytes: check what depends on them in a copy, unless
/// you trust it.
@FunctionalInterface
public interface MessageHandler {

    /// Reads one message: the `length` bytes of `memory` from `offset` on, which is 8 after a
    /// multiple of 64, the start of a cache line; of a message too long for the ring, which has
    /// memory of its own, it is 0. The bytes are little-endian as far as this library is concerned,
    /// and the handler's until it returns. Three arguments and not a slice, so that nothing is
    /// allocated.
    ///
    /// It may send, and close its receiver, but not receive from that: an `IllegalStateException`
    /// says so. If it throws, the message counts as received and the exception reaches the caller
    /// of `receive`.
    void onMessage(MemorySegment memory, long offset, long length);
}
