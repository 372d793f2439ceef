package dev.ipcchannel;

import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.end.Movable;
import dev.ipcchannel.internal.end.Peer;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.send.OutboxPool;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A list of the ends that a decoder takes out of a message. Each comes with the way to close it,
/// in case that the message cannot be read. Used by the decoding thread only.
final class ArrivedEnds {

    private final OutboxPool senders = new OutboxPool(); // of all that arrive by one receiver
    private final List<Runnable> closers = new ArrayList<>(0); // one for each end taken out
    private @Nullable Peer peer;

    /// Readies it for a message.
    ///
    /// @param from the process that sent the message, where it is known
    void start(@Nullable Peer from) {
        peer = from;
    }

    /// Makes an end from a transfer. On a failure, closes all of the transfer: a codec may catch
    /// the exception and deliver the message.
    <E extends Transferable> E take(EndKind<E> kind, Transfer words) {
        int before = closers.size();
        boolean isTaken = false;
        try {
            E taken = kind.take(words, this);
            isTaken = true;
            return taken;
        } catch (LaneException | RingViolation | RefusedMemoryException | PosixException failure) {
            throw failed(failure);
        } finally {
            if (!isTaken) {
                closeFrom(before); // first: they still use the descriptors
                Descriptor.closeAll(words.descriptors());
            }
        }
    }

    private static RuntimeException failed(RuntimeException failure) {
        boolean isOurLack = failure instanceof PosixException
                || (failure instanceof LaneException lane
                        && lane.kind() == LaneException.Kind.EXHAUSTED);
        return isOurLack ? Failures.translate(failure)
                : new CodecFailed("a channel end inside a message is refused: "
                        + failure.getMessage(), failure);
    }

    /// The outgoing way of a sender that has arrived.
    Movable sender(Transfer words) {
        return noted(way -> way.end("the message that this sender was in could not be read"),
                senders.take(words, peer));
    }

    /// The incoming way of a receiver that has arrived. It is closed if the message cannot be read,
    /// even after an opaque receiver has passed it on to another object.
    Incoming receiver(Transfer words) {
        return noted(way -> way.close("the message that this receiver was in could not be read"),
                Inbox.importFrom(words, peer));
    }

    /// Notes how to close an arrived object if the message cannot be read. If the note itself
    /// fails, closes the object.
    <T> T noted(Consumer<? super T> close, T arrived) {
        boolean isNoted = false;
        try {
            closers.add(() -> close.accept(arrived));
            isNoted = true;
            return arrived;
        } finally {
            if (!isNoted) {
                close.accept(arrived);
            }
        }
    }

    /// The words for an end in an error text: its place in the message and the sending process.
    ///
    /// @param place of the end in the message; empty if it is not known
    String shown(String end, String place) {
        return (place.isEmpty() ? "a " + end : "the " + end + " " + place) + " inside a message"
                + (peer == null ? "" : " (" + peer.shown() + ")");
    }

    /// Ends the work on a message. Closes all that was taken out of it, unless it is delivered.
    void end(boolean isDelivered) {
        if (!isDelivered) {
            closeFrom(0);
        }
        closers.clear();
        peer = null;
    }

    /// Closes the ends from the index `first` on, the last one first.
    private void closeFrom(int first) {
        while (closers.size() > first) {
            closers.removeLast().run();
        }
    }
}
