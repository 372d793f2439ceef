package dev.ipcchannel.internal.ring;

/// Shared bytes, reached by offset, with the memory order of each access in its name.
///
/// All words are 64 bits, little-endian and 8-byte aligned. An implementation checks every offset
/// against the region, for what the other process wrote may have led here.
public interface Memory {

    /// The word at `offset`. What the other side stored before its release of this word is visible.
    long loadAcquire(long offset);

    /// Stores without any order of its own: for words that a later [#storeRelease] covers.
    void storePlain(long offset, long value);

    /// Stores after everything that this thread loaded or stored before.
    void storeRelease(long offset, long value);

    /// Keeps every later load behind every earlier store, which neither acquire nor release does.
    void fullFence();

    /// Copies `length` bytes of `source` from `start` on to `offset`. No order of its own.
    void copyIn(byte[] source, int start, long offset, int length);

    /// Copies `length` bytes from `offset` to `target` from `start` on. No order of its own.
    void copyOut(long offset, byte[] target, int start, int length);
}
