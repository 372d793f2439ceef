package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A message that an [Incoming] has found, as bytes and descriptors, until one of [#consume],
/// [#consumeInBatch] and [#stay] ends it. It is the same object for every message of one receiver,
/// used by the thread that is inside.
///
/// First [#takeDescriptors], once, unless it stays; then the bytes, as often as wanted. They can
/// still be changed by the process that has sent them: what is checked has to be copied before.
public interface IncomingMessage {

    /// Its length in bytes.
    int length();

    /// The number of the member of a name that has sent it; 0 where it came by no name.
    long member();

    /// Takes the descriptors that belong to it: the caller closes them. Where that fails its sender
    /// is cut off and the message is gone, unless this process has run out of something.
    ///
    /// @throws RuntimeException a `LaneException` if the sender broke the format, a
    /// `PosixException` if this process has run out of something: then all is where it was
    List<Descriptor> takeDescriptors();

    /// Copies all of it to the start of `target`.
    void copyOut(byte[] target);

    /// Copies `count` bytes of it, from the index `from` on, to the start of `target`.
    void copyOut(int from, byte[] target, int count);

    /// The memory that it lies in, for reading in place, which is closed with its lane at the
    /// latest.
    MemorySegment view();

    /// The index of its first byte in [#view].
    long index();

    /// Goes on after it, and gives its space back.
    void consume();

    /// Goes on after it; its space is given back with that of others, and at last by
    /// [Incoming#publish].
    void consumeInBatch();

    /// It stays where it is, its descriptors not taken, and is found again next.
    void stay();
}
