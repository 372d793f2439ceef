package dev.ipcchannel.torture.soak;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.call.Reply;
import dev.ipcchannel.call.Request;
import java.util.List;

/// The ends that the partner sends to the host: the host's ends of every current.
///
/// @param echo for messages that come back
/// @param calls for questions whose answer is a sum
/// @param parcels for parcels, each with a sender for its answer
/// @param blocks for shared bytes that come back
/// @param feeds for numbers that the partner sends unasked
record Ends(Duplex<byte[], byte[]> echo, Duplex<Request<Pair>, Reply<Long>> calls,
        Sender<Parcel> parcels, Duplex<Block, Block> blocks, List<Receiver<Long>> feeds) {

    /// Two numbers to be added.
    record Pair(long first, long second) {}

    /// A question in a channel of its own.
    record Parcel(long number, Sender<Long> answer) {}

    /// A message with shared bytes.
    record Block(SharedBytes bytes) {}

    /// Closes all ends.
    void close() {
        echo.close();
        calls.close();
        parcels.close();
        blocks.close();
        feeds.forEach(Receiver::close);
    }
}
