package dev.ipcchannel.torture;

import dev.ipcchannel.torture.carrier.Carrier;
import dev.ipcchannel.torture.codecs.Codecs;
import dev.ipcchannel.torture.heap.Heap;
import dev.ipcchannel.torture.hostile.Hostile;
import dev.ipcchannel.torture.jobs.Begun;
import dev.ipcchannel.torture.jobs.Jobs;
import dev.ipcchannel.torture.jobs.Streams;
import dev.ipcchannel.torture.kills.Kills;
import dev.ipcchannel.torture.limits.Limits;
import dev.ipcchannel.torture.names.Broadcast;
import dev.ipcchannel.torture.names.Names;
import dev.ipcchannel.torture.soak.Soak;
import java.util.List;

/// The list of storms, in the order in which `all` runs them.
public final class Storms {

    private static final List<Storm> ALL = List.of(
            new Kills(),
            new Jobs(),
            new Streams(),
            new Carrier(),
            new Begun(),
            new Codecs(),
            new Hostile(),
            new Limits(),
            new Heap(),
            new Names(),
            new Broadcast(),
            new Soak());

    private Storms() {}

    /// All storms.
    public static List<Storm> all() {
        return ALL;
    }
}
