package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.hostile.Load.Talk;
import dev.ipcchannel.torture.hostile.Verbs.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// One hostile peer, from its start to its death.
final class Trial {

    private static final int KILLED = 128 + 9;
    private static final int SHORT_MILLIS = 60;
    private static final int LONG_MILLIS = 900;
    // Then a verb that is held goes on, and what held it is known.
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(30);
    private static final Duration FOR_CLOSES = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Mode mode;
    private final long seed;
    private final Scripts scripts;
    private final Findings findings;
    private final SplittableRandom random;
    private final Verbs verbs;
    private final Path found;

    Trial(Mode mode, long seed, Scripts scripts, Findings findings) {
        this.mode = mode;
        this.seed = seed;
        this.scripts = scripts;
        this.findings = findings;
        this.random = new SplittableRandom(seed);
        this.verbs = new Verbs(mode, seed, findings);
        this.found = scripts.folder().resolve("found-" + seed + ".txt");
    }

    /// Runs it; the peer is gone afterwards.
    ///
    /// @param killer ends a peer that holds its parent
    void run(ScheduledExecutorService killer) throws IOException, InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class);
                ChildRole peer = scripts.start(seed, mode, server.name(), found)) {
            ScheduledFuture<?> kill = killer.schedule(peer.process()::destroyForcibly,
                    LONGEST_LIFE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                accept(server, peer);
            } finally {
                kill.cancel(false);
            }
            verbs.run("close of a server", server::close);
            awaitCloses();
            peer.kill();
            int code = peer.process().exitValue();
            if (code != 0 && code != KILLED) {
                verbs.fault("the peer itself is wrong: exit=%d, %s".formatted(code,
                        peer.lastWords()));
            }
        }
        if (Files.exists(found)) {
            findings.read(found);
            Files.delete(found);
        }
    }

    private void accept(OneShotServer<Talk> server, ChildRole peer)
            throws IOException, InterruptedException {
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

    /// Gives a peer that watches what becomes of its descriptors the time to see it.
    private void awaitCloses() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (mode.isWatched() && System.nanoTime() - start < FOR_CLOSES.toNanos()
                && !(Files.exists(found) && Files.readString(found).contains(Verbs.WAITING))) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }
}
