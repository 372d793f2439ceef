package dev.ipcchannel;

import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An end inside a message that is being sent. Exactly one of [#moved] and [#stayed] follows.
abstract class MovingEnd {

    private final Transfer transfer = new Transfer();

    private MovingEnd() {}

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
    static MovingEnd of(Movable sender) {
        MovingEnd moving = new MovingEnd() {
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
    static MovingEnd of(Incoming receiver) {
        MovingEnd moving = new MovingEnd() {
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
    static MovingEnd ofCopy(Consumer<Transfer> export) {
        MovingEnd moving = new MovingEnd() {
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
