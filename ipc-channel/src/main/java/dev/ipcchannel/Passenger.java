package dev.ipcchannel;

import dev.ipcchannel.internal.lane.Inbox;
import dev.ipcchannel.internal.lane.Outbox;
import dev.ipcchannel.internal.lane.Share;
import dev.ipcchannel.internal.lane.Transfer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;

/// An end of a channel inside a message that is being sent. Exactly one of [#arrived] and [#stayed]
/// follows.
interface Passenger {

    /// What the other process needs.
    Transfer transfer();

    /// The message was committed: the end belongs to whoever receives it.
    void arrived();

    /// The message was not sent: the end is its old owner's as before.
    void stayed();

    /// A sender that moves.
    static Passenger of(Outbox outbox, Share share) {
        Transfer transfer = outbox.export(share);
        return new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived() {
                stayed();
                outbox.end(share, "this sender has moved in a message: "
                        + "send sender.share() instead to keep one");
            }

            @Override
            public void stayed() {
                // A duplicate, but the last one if the sender has been closed meanwhile.
                transfer.descriptors().forEach(Sockets::leave);
            }
        };
    }

    /// A receiver that moves: nobody can receive until it has, or has not.
    static Passenger of(Inbox inbox) {
        Transfer transfer = new Transfer();
        inbox.board(transfer);
        return new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived() {
                inbox.abandon("this receiver has moved in a message");
            }

            @Override
            public void stayed() {
                inbox.stay();
            }
        };
    }

    /// Something that is shared by a copy of its own, and stays.
    static Passenger ofCopy(Transfer transfer) {
        return new Passenger() {
            @Override
            public Transfer transfer() {
                return transfer;
            }

            @Override
            public void arrived() {
                stayed();
            }

            @Override
            public void stayed() {
                Descriptor.closeAll(transfer.descriptors()); // they are duplicates
            }
        };
    }
}
