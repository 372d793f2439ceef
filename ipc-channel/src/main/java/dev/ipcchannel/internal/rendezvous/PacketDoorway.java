package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.wire.LanePacket;
import dev.ipcchannel.internal.wire.LaneSettings;
import org.jspecify.annotations.Nullable;

/// A doorway for packets, whose clients greet with the receiving end of a bootstrap channel.
///
/// @param settings of that channel's receiver
public record PacketDoorway(LaneSettings settings) implements Doorway<Incoming> {

    @Override
    public Descriptor listen(String path) {
        return Sockets.listen(path);
    }

    @Override
    public Candidate<Incoming> candidate(Descriptor connection, long pid, @Nullable Child child) {
        return new PacketCandidate(connection, pid, child, settings);
    }

    @Override
    public void sayLast(Descriptor connection, Refusal why) {
        boolean _ = LanePacket.refuse(connection, false, why);
    }

    @Override
    public void close() {
        // There is nothing else.
    }
}
