package dev.ipcchannel;

import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.function.Consumer;
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
    abstract Moving export();

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

    /// An end inside a message that is being sent. Exactly one of [#moved] and [#stayed] follows.
    abstract static class Moving {

        private final Transfer transfer = new Transfer();

        private Moving() {}

        /// What the other process needs.
        final Transfer transfer() {
            return transfer;
        }

        /// The message was committed: the end belongs to its receiver.
        ///
        /// @param to the process that receives it, if it is known
        abstract void moved(@Nullable Peer to);

        /// The message was not sent: the end is its old owner's as before.
        abstract void stayed();

        /// A sender that moves.
        static Moving of(Movable sender) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    try {
                        stayed();
                    } finally {
                        sender.moved("this sender has moved in a message: "
                                + "send sender.share() instead to keep one", to);
                    }
                }

                @Override
                void stayed() {
                    // A duplicate, but the last one if the sender has been closed meanwhile.
                    for (int i = 0; i < transfer().descriptors().size(); i++) {
                        Sockets.leave(transfer().descriptors().get(i));
                    }
                }
            };
            sender.export(moving.transfer); // last: this closes what it opens
            return moving;
        }

        /// A receiver that moves: nobody can receive until it has, or has not.
        static Moving of(Incoming receiver) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    receiver.moved("this receiver has moved in a message", to);
                }

                @Override
                void stayed() {
                    receiver.stayed();
                }
            };
            receiver.export(moving.transfer); // last: this lets it stay
            return moving;
        }

        /// Something that is shared by a copy of its own, and stays.
        ///
        /// @param export writes what the other process needs
        static Moving ofCopy(Consumer<Transfer> export) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    stayed();
                }

                @Override
                void stayed() {
                    Descriptor.closeAll(transfer().descriptors()); // they are duplicates
                }
            };
            export.accept(moving.transfer); // last: this closes what it opens
            return moving;
        }
    }
}
