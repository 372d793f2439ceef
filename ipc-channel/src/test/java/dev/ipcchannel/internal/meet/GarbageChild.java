package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.Pause;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wire.Greeting;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.HostileLane;
import java.util.List;
import java.util.Random;

/// A program that greets the one member that has a name open and is no sender, and writes into the
/// socket that it gets.
///
/// Arguments: a [NameKind], the name, the text of the type, and a [Deed]. Prints [#DONE], and ends
/// at a cue.
public final class GarbageChild {

    static final String DONE = "done";

    private static final int CAPACITY = 4096;
    private static final long PAUSE_NANOS = 1_000_000;

    /// The misuse of the socket.
    enum Deed {
        /// A packet that is no announcement.
        GARBAGE,
        /// An announcement without what belongs to it.
        NO_RING,
        /// An honest ring, and garbage after it.
        RING_AND_GARBAGE,
        /// Nothing.
        SILENCE
    }

    private GarbageChild() {}

    public static void main(String[] arguments) throws Exception {
        NameKind kind = NameKind.valueOf(arguments[0]);
        Ends ends = Ends.open(new LaneSettings(CAPACITY, 0, 1 << 20, arguments[2]));
        Descriptor connection = connect(kind, arguments[1]);
        Transfer own = new Transfer();
        if (kind == NameKind.SIGNAL) { // its members each give the other a way in
            ends.share().export(own);
        }
        Packet.Sending _ = Greeting.send(connection, Greeting.HELLO, new Random().nextLong(),
                ProcessHandle.current().pid(), own);
        Descriptor announcement = welcome(connection);
        write(announcement, Deed.valueOf(arguments[3]));
        System.out.println(DONE);
        int _ = System.in.read();
    }

    private static void write(Descriptor announcement, Deed deed) {
        if (deed == Deed.RING_AND_GARBAGE) {
            HostileLane _ = HostileLane.announce(announcement, 65_536);
        }
        if (deed != Deed.SILENCE) {
            try (Packet packet = new Packet()) {
                Packet.Sending _ = packet.putByte(0, deed == Deed.NO_RING ? 1 : 99)
                        .putLong(8, 65_536).putLong(16, 0).send(announcement, List.of());
            }
        }
    }

    private static Descriptor connect(NameKind kind, String name) {
        NameFolder folder = NameFolder.of(RuntimeDirectory.find(), kind, name);
        String other = folder.members().stream().filter(member -> {
            Entry entry = member.entry();
            return entry != null && !entry.role().equals(Entry.SENDER);
        }).findFirst().orElseThrow().id();
        return Sockets.connect(folder.socket(other).toString(), Deadline.NEVER);
    }

    private static Descriptor welcome(Descriptor connection) {
        try (Packet packet = new Packet()) {
            while (packet.receive(connection) != Packet.Receiving.PACKET) {
                Pause.of(PAUSE_NANOS);
            }
            if (!Greeting.is(packet, Greeting.WELCOME)) {
                throw new IllegalStateException("it was refused: " + Greeting.refusal(packet));
            }
            return Greeting.transfer(packet).descriptors().getFirst();
        }
    }
}
