package dev.ipcchannel.torture.kills;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Sender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The process that gets a victim's ends through the host and runs the other sides. It ends with 0
/// when the victim is gone and no check has failed.
///
/// Arguments: the server's name, the board's file, the parts.
public final class CounterpartChild {

    private CounterpartChild() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Board board = Board.open(Path.of(arguments[1]));
        List<Part> parts = Part.fromArgument(arguments[2]);
        Channel<Cast> casts = Channel.create(Cast.class);
        try (Sender<Desk> host = OneShotServer.connect(arguments[0], Desk.class)) {
            host.send(new Desk(casts.sender()));
        }
        List<String> faults = new ArrayList<>();
        try {
            List<Runnable> sides = casts.receiver().receive().sides(parts, board);
            Sides.start(parts, sides, name -> Thread.ofPlatform().daemon().name(name)).join(faults);
        } catch (Disconnected early) {
            faults.add("the host has gone: " + early.getMessage());
        }
        faults.forEach(System.err::println);
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    /// The end that it sends to the host.
    ///
    /// @param casts for the victim's ends
    record Desk(Sender<Cast> casts) {}
}
