package dev.ipcchannel;

import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An object that can travel in a message, beside the message's bytes, to another process: an end
/// of a channel, or [SharedBytes].
///
/// Types that the library makes codecs for may have such objects as components. A program's own
/// codec puts one in by [Encoder#put(Transferable)] and takes it out by [Decoder#get(EndKind)].
public abstract class Transferable implements AutoCloseable {

    Transferable() {}

    /// Prepares to travel in a message.
    abstract Moving export();

    /// The mark of its channel if it is a receiver, else null. A receiver cannot be sent to itself.
    @Nullable
    Origin receiverOrigin() {
        return null;
    }

    /// Whether it is an end of a channel, which moves when it is sent.
    boolean isEnd() {
        return true;
    }

    @Override
    public abstract void close();

    /// An end inside a message that is being sent. Exactly one of [#moved] and [#notMoved] follows.
    abstract static class Moving {

        private final Transfer transfer = new Transfer();

        private Moving() {}

        /// The words and descriptors for the other process.
        final Transfer transfer() {
            return transfer;
        }

        /// Notes that the message was committed: the end belongs to its receiver.
        ///
        /// @param to the process that receives it, if it is known
        abstract void moved(@Nullable Peer to);

        /// Notes that the message was not sent: the end belongs to this process as before.
        abstract void notMoved();

        /// A sender that moves.
        static Moving of(Movable sender) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    try {
                        notMoved();
                    } finally {
                        sender.moved("this sender has moved in a message: "
                                + "send sender.share() instead to keep one", to);
                    }
                }

                @Override
                void notMoved() {
                    // Duplicates, but the last ones if the sender has been closed meanwhile.
                    for (int i = 0; i < transfer().descriptors().size(); i++) {
                        Sockets.leave(transfer().descriptors().get(i));
                    }
                }
            };
            sender.export(moving.transfer); // last: this closes what it opens
            return moving;
        }

        /// A receiver that moves: no thread can receive until the message is sent or not.
        static Moving of(Incoming receiver) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    receiver.moved("this receiver has moved in a message", to);
                }

                @Override
                void notMoved() {
                    receiver.notMoved();
                }
            };
            receiver.export(moving.transfer); // last: [#notMoved] undoes this
            return moving;
        }

        /// An object that remains, while the receiver gets one of its own.
        ///
        /// @param export writes the words and descriptors for the other process
        static Moving ofCopy(Consumer<Transfer> export) {
            Moving moving = new Moving() {
                @Override
                void moved(@Nullable Peer to) {
                    notMoved();
                }

                @Override
                void notMoved() {
                    Descriptor.closeAll(transfer().descriptors()); // they are duplicates
                }
            };
            export.accept(moving.transfer); // last: this closes what it opens
            return moving;
        }
    }
}
