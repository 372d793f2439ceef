package dev.ipcchannel;

import org.jspecify.annotations.Nullable;

/// A thing that can travel in a message beside its bytes, and comes out in another process: an end
/// of a channel, or [SharedBytes].
///
/// Any message that the library makes codecs for may have them as components. A codec of a
/// program's own puts one in by [Encoder#put(Transferable)] and takes it out by
/// [Decoder#get(EndKind)].
public abstract class Transferable implements AutoCloseable {

    Transferable() {}

    /// Gets ready to travel in a message.
    abstract MovingEnd export();

    /// The mark of its channel, if it is a receiver, which cannot travel by itself; else null.
    @Nullable
    Origin receiverOrigin() {
        return null;
    }

    /// Whether it is an end of a channel, which has one place and so moves.
    boolean isEnd() {
        return true;
    }

    @Override
    public abstract void close();
}
