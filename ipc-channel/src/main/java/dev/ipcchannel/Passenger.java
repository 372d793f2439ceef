package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Movable;
import dev.ipcchannel.internal.lane.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An end of a channel inside a message that is being sent. Exactly one of [#arrived] and [#stayed]
/// follows.
interface Passenger {

    /// What the other process needs.
    Transfer transfer();

    /// The message was committed: the end belongs to whoever receives it.
    ///
    /// @param to the process that receives it, if it is known
    void arrived(@Nullable Peer to);

    /// The message was not sent: the end is its old owner's as before.
    void stayed();

    /// A sender that moves.
    static Passenger of(Movable sender) {
        Transfer transfer = new Transfer();
        Passenger passenger = new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived(@Nullable Peer to) {
                try {
                    stayed();
                } finally {
                    sender.moved("this sender has moved in a message: "
                            + "send sender.share() instead to keep one", to);
                }
            }

            @Override
            public void stayed() {
                // A duplicate, but the last one if the sender has been closed meanwhile.
                for (int i = 0; i < transfer.descriptors().size(); i++) {
                    Sockets.leave(transfer.descriptors().get(i));
                }
            }
        };
        sender.export(transfer); // last: there is somebody to close what it opens
        return passenger;
    }

    /// A receiver that moves: nobody can receive until it has, or has not.
    static Passenger of(Inbox inbox) {
        Transfer transfer = new Transfer();
        Passenger passenger = new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived(@Nullable Peer to) {
                inbox.abandon("this receiver has moved in a message", to);
            }

            @Override
            public void stayed() {
                inbox.stay();
            }
        };
        inbox.board(transfer); // last: there is somebody to let it stay
        return passenger;
    }

    /// Something that is shared by a copy of its own, and stays.
    ///
    /// @param export writes what the other process needs
    static Passenger ofCopy(Consumer<Transfer> export) {
        Transfer transfer = new Transfer();
        Passenger passenger = new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived(@Nullable Peer to) {
                stayed();
            }

            @Override
            public void stayed() {
                Descriptor.closeAll(transfer.descriptors()); // they are duplicates
            }
        };
        export.accept(transfer); // last: there is somebody to close what it opens
        return passenger;
    }
}
