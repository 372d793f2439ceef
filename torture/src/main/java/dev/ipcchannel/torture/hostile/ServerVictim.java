package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.hostile.Load.Talk;
import dev.ipcchannel.torture.hostile.Verbs.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// A one-shot server that the peer connects to, and then the two ends that the peer sends.
final class ServerVictim implements Victim {

    private static final int SHORT_MILLIS = 60;
    private static final int LONG_MILLIS = 900;

    private final Mode mode;
    private final Verbs verbs;
    private final SplittableRandom random;
    private final OneShotServer<Talk> server = OneShotServer.open(Talk.class);

    ServerVictim(Mode mode, Verbs verbs, SplittableRandom random) {
        this.mode = mode;
        this.verbs = verbs;
        this.random = random;
    }

    @Override
    public String address() {
        return server.name();
    }

    @Override
    public void meet(ChildRole peer) throws IOException, InterruptedException {
        Duration patience = mode.patience();
        Outcome<Talk> accepted = verbs.run("accept", patience,
                () -> server.accept(peer.process(), patience));
        if (server.rejectedPeers() > 0) {
            verbs.count("connections turned away");
        }
        if (accepted.value() == null) {
            return;
        }
        verbs.count("handshakes done");
        if (mode == Mode.STOP) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(SHORT_MILLIS));
            peer.signal("STOP");
            verbs.count(Verbs.STOPPED);
        }
        int millis = random.nextInt(random.nextInt(4) == 0 ? SHORT_MILLIS : LONG_MILLIS);
        new Use(accepted.value(), verbs, random, Duration.ofMillis(millis)).run();
    }

    @Override
    public void close() {
        server.close();
    }
}
