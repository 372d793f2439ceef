package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// The trial of one hostile peer, from its start to its death.
final class Trial {

    private static final int KILLED = 128 + 9;
    // After that the peer is killed, so that a delayed call continues and its cause is known.
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

    /// Runs the trial; the peer is gone afterwards.
    ///
    /// @param killer ends a peer that delays its parent
    void run(ScheduledExecutorService killer) throws IOException, InterruptedException {
        try (Victim victim = victim();
                ChildRole peer = scripts.start(seed, mode, victim.address(), found)) {
            ScheduledFuture<?> kill = killer.schedule(peer.process()::destroyForcibly,
                    LONGEST_LIFE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                victim.meet(peer);
            } finally {
                kill.cancel(false);
            }
            verbs.run("close of what the peer has met", victim::close);
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

    private Victim victim() throws InterruptedException {
        return mode.isByName() ? new NameVictim(scripts.names().toString(), verbs, random)
                : new ServerVictim(mode, verbs, random);
    }

    /// Gives a peer that watches its descriptors the time to see their closes.
    private void awaitCloses() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (mode.isWatched() && System.nanoTime() - start < FOR_CLOSES.toNanos()
                && !(Files.exists(found) && Files.readString(found).contains(Verbs.WAITING))) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }
}
