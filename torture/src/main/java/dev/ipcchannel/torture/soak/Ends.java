package dev.ipcchannel.torture.soak;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import java.util.List;

/// The ends that the partner hands over: the host's ends of every current.
///
/// @param echo messages that come back
/// @param calls questions whose answer is a sum
/// @param parcels each with a sender for its answer
/// @param blocks shared bytes that come back
/// @param feeds numbers that the partner sends without being asked
record Ends(Duplex<byte[], byte[]> echo, Duplex<Request<Pair>, Reply<Long>> calls,
        Sender<Parcel> parcels, Duplex<Block, Block> blocks, List<Receiver<Long>> feeds) {

    /// Two numbers to be added.
    record Pair(long first, long second) {}

    /// A question in a channel of its own.
    record Parcel(long number, Sender<Long> answer) {}

    /// Shared bytes on their way.
    record Block(SharedBytes bytes) {}

    /// All of them go.
    void close() {
        echo.close();
        calls.close();
        parcels.close();
        blocks.close();
        feeds.forEach(Receiver::close);
    }
}
