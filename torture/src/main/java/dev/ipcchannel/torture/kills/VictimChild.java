package dev.ipcchannel.torture.kills;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The process that makes the channels, runs each of its parts on its own thread, and sends the
/// other ends away. It ends with 0 when every other side is gone and no check has failed.
///
/// Arguments: the server's name, the board's file, the parts.
public final class VictimChild {

    /// The slot of the board that records the handshake: attempted is 1 once the victim is
    /// connected, done is 1 once the ends are sent.
    static final int HANDSHAKE = 31;

    private VictimChild() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Board board = Board.open(Path.of(arguments[1]));
        Board.Slot handshake = board.slot(HANDSHAKE);
        List<Part> parts = Part.fromArgument(arguments[2]);
        Cast.Split split = Cast.make(parts, board);
        // Daemons: if no process accepts the other ends, this process ends with its main.
        Sides sides = Sides.start(parts, split.own(),
                name -> Thread.ofPlatform().daemon().name(name));
        handshake.enter(State.IN_CALL);
        try (Sender<Cast> host = OneShotServer.connect(arguments[0], Cast.class)) {
            handshake.attempt(1);
            host.send(split.other());
            handshake.done(1);
        }
        handshake.enter(State.BETWEEN);
        List<String> faults = new ArrayList<>();
        sides.join(faults);
        faults.forEach(System.err::println);
        System.exit(faults.isEmpty() ? 0 : 1);
    }
}
