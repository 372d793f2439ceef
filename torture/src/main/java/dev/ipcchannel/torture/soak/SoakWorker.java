package dev.ipcchannel.torture.soak;

import dev.ipcchannel.torture.soak.Ends.Pair;
import dev.ipcchannel.worker.Worker;

/// The worker of the set that the soak keeps busy: it adds numbers.
public final class SoakWorker {

    private SoakWorker() {}

    /// Does jobs until the host closes the set.
    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(Pair.class, Long.class, pair -> pair.first() + pair.second());
    }
}
