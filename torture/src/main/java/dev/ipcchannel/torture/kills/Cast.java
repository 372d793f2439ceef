package dev.ipcchannel.torture.kills;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.OpaqueReceiver;
import dev.ipcchannel.OpaqueSender;
import dev.ipcchannel.torture.Numbered;
import java.util.ArrayList;
import java.util.List;

/// The ends that a victim sends away, in the order of its parts.
///
/// @param receivers of the parts in which the victim sends
/// @param senders of the parts in which the victim receives
record Cast(List<OpaqueReceiver> receivers, List<OpaqueSender> senders) {

    /// The two sides of some parts: what one process keeps and what it sends away.
    ///
    /// @param own the sides that are kept, for each part a sender or a receiver
    record Split(List<Runnable> own, Cast other) {}

    /// Makes a channel for each part.
    ///
    /// @param board for the records of the sides that are kept
    static Split make(List<Part> parts, Board board) {
        List<Runnable> own = new ArrayList<>();
        Cast other = new Cast(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < parts.size(); i++) {
            Line line = parts.get(i).line();
            Board.Slot slot = board.slot(i);
            Channel<?> channel = channel(line);
            if (parts.get(i).isSender()) {
                other.receivers.add(channel.receiver().erase());
                own.add(new SendingSide(line, channel.sender().erase(), slot));
            } else {
                other.senders.add(channel.sender().erase());
                own.add(new TakingSide(line, channel.receiver().erase(), slot));
            }
        }
        return new Split(own, other);
    }

    private static Channel<?> channel(Line line) {
        ChannelOptions options = ChannelOptions.defaults().withCapacity(Line.CAPACITY);
        return switch (line) {
            case ENDS -> Channel.create(Numbered.Parcel.class, options);
            case SHARED -> Channel.create(Numbered.Block.class, options);
            default -> Channel.create(byte[].class, options);
        };
    }

    /// The sides of the process that has received the ends.
    List<Runnable> sides(List<Part> parts, Board board) {
        List<Runnable> sides = new ArrayList<>();
        int receiver = 0;
        int sender = 0;
        for (int i = 0; i < parts.size(); i++) {
            Line line = parts.get(i).line();
            Board.Slot slot = board.slot(i);
            sides.add(parts.get(i).isSender()
                    ? new TakingSide(line, receivers.get(receiver++), slot)
                    : new SendingSide(line, senders.get(sender++), slot));
        }
        return sides;
    }
}
