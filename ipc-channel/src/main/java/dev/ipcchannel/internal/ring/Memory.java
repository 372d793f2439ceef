package dev.ipcchannel.internal.ring;

/// The bytes that two processes share, reached by offset. The name of each access says its memory
/// order.
///
/// All words are 64 bits, little-endian and 8-byte aligned. An implementation checks every offset
/// against the region, because an offset may come from a value that the other process wrote.
public interface Memory {

    /// The word at `offset`. Everything that the other side stored before its release of this word
    /// is visible to the calling thread.
    long loadAcquire(long offset);

    /// Stores without an order of its own: for words that a later [#storeRelease] covers.
    void storePlain(long offset, long value);

    /// Stores after everything that this thread loaded or stored before.
    void storeRelease(long offset, long value);

    /// Keeps every later load after every earlier store, which neither acquire nor release does.
    void fullFence();

    /// Copies `length` bytes of `source`, from `start` on, to `offset`. Has no order of its own.
    void copyIn(byte[] source, int start, long offset, int length);

    /// Copies `length` bytes from `offset` to `target`, from `start` on. Has no order of its own.
    void copyOut(long offset, byte[] target, int start, int length);
}
