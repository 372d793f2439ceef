package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.RawBytes;
import java.util.List;
import java.util.Optional;

/// A child that sends bytes that are no message of their type, each followed by a message that is
/// one.
public final class WrongBytesChild {

    /// The type of the messages.
    ///
    /// @param id the first four bytes
    /// @param colour a byte
    /// @param weights their number, then 8 bytes each
    /// @param note the length of its UTF-8, then that
    /// @param reply a byte, then the sender
    public record Parcel(int id, Colour colour, List<Long> weights, String note,
            Optional<Sender<String>> reply) {}

    /// A type of which the bytes name a constant.
    public enum Colour {
        RED, GREEN
    }

    /// The end that it hands over.
    ///
    /// @param parcels gives the messages
    public record Belt(Receiver<Parcel> parcels) {}

    private WrongBytesChild() {}

    /// The message that follows that fault.
    public static Parcel good(TypeFault fault) {
        return new Parcel(1, Colour.GREEN, List.of(2L, 3L), "after " + fault, Optional.empty());
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<Parcel> parcels = Channel.create(Parcel.class);
                Sender<byte[]> raw = RawBytes.into(parcels.sender())) {
            try (Sender<Belt> parent = OneShotServer.connect(arguments[0], Belt.class)) {
                parent.send(new Belt(parcels.receiver()));
            }
            for (TypeFault fault : TypeFault.values()) {
                raw.send(fault.bytes());
                parcels.sender().send(good(fault));
            }
        }
    }
}
