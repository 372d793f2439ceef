package dev.ipcchannel.internal.end;

import dev.ipcchannel.internal.posix.Descriptor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A message that an [Incoming] has found, as bytes and descriptors. It is valid until [#consume],
/// [#consumeInBatch] or [#putBack]. A receiver uses one object for all its messages. The thread
/// that is inside uses it.
///
/// [#takeDescriptors] comes first, once, unless the message stays; then the bytes are read, as
/// often as wanted. The sending process can still change the bytes: copy what is checked before the
/// check.
public interface IncomingMessage {

    /// The length in bytes.
    int length();

    /// The number of the member of a name that has sent it; 0 if it did not come by a name.
    long member();

    /// Takes the descriptors that belong to the message: the caller closes them. If this fails, the
    /// sender is cut off and the message is lost, unless this process has run out of a resource.
    ///
    /// @throws RuntimeException a `LaneException` if the sender broke the format, a
    /// `PosixException` if this process has run out of a resource: then nothing has changed
    List<Descriptor> takeDescriptors();

    /// Copies all bytes to the start of `target`.
    void copyOut(byte[] target);

    /// Copies `count` bytes, from the index `from` on, to the start of `target`.
    void copyOut(int from, byte[] target, int count);

    /// The memory that the message lies in, for reading in place. It is closed with its lane at the
    /// latest.
    MemorySegment view();

    /// The index of the first byte in [#view].
    long index();

    /// Ends the message and gives its space back.
    void consume();

    /// Ends the message; its space is given back together with that of others, at the latest by
    /// [Incoming#publish].
    void consumeInBatch();

    /// Leaves the message in place, its descriptors not taken: it is the next one to be found
    /// again.
    void putBack();
}
