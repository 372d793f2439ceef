package dev.ipcchannel.torture.soak;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import dev.ipcchannel.torture.soak.Ends.Pair;
import dev.ipcchannel.worker.WorkerSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The storm that keeps every kind of traffic going, with a partner that is stopped and continued
/// and workers that are replaced, and measures whether any resource grows.
public final class Soak implements Storm {

    /// The longest time that the partner is stopped.
    static final Duration LONGEST_STOP = Duration.ofMillis(60);

    static final String STOPS = "stops and continues of the partner";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long MAX_JOBS = 20_000;
    private static final int WORKERS = 2;
    private static final double PART_UNTIL_WARM = 0.25;
    private static final int SAMPLES = 60;

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String aim() {
        return "all traffic at once, STOP and CONT included: every message right, and descriptors,"
                + " mappings, threads, heap and memory flat";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        SplittableRandom random = budget.random();
        findings.aim(STOPS);
        try (OneShotServer<Ends> server = OneShotServer.open(Ends.class);
                ChildRole partner = ChildRole.of(PartnerChild.class, server.name()).start();
                WorkerSet<Pair, Long> workers = WorkerSet.builder(Pair.class, Long.class)
                        .worker(ChildJvm.of(SoakWorker.class).shortLived().noClassArchive()
                                .heap(64L << 20))
                        .workerCount(WORKERS).maxJobs(MAX_JOBS).start()) {
            Ends ends = server.accept(partner.process(), PATIENCE);
            Currents currents = new Currents(ends, workers, findings, random.split());
            List<Thread> threads = start(currents, findings);
            watch(budget, partner, random, findings);
            currents.end();
            for (Thread thread : threads) {
                if (!thread.join(PATIENCE.multipliedBy(2))) {
                    findings.fault("%s does not end: %s".formatted(thread.getName(),
                            List.of(thread.getStackTrace())));
                }
            }
            ends.close();
            int exit = partner.awaitExit(PATIENCE);
            if (exit != 0) {
                findings.fault("the partner ended with %d: %s".formatted(exit,
                        partner.lastWords()));
            }
        }
    }

    private static List<Thread> start(Currents currents, Findings findings) {
        List<Thread> threads = new ArrayList<>();
        for (Map.Entry<String, Currents.Current> current : currents.all().entrySet()) {
            findings.aim(current.getKey());
            threads.add(Thread.ofPlatform().name(current.getKey()).start(() -> {
                try {
                    current.getValue().run();
                } catch (Exception | Error failure) {
                    findings.fault(current.getKey(), failure);
                }
            }));
        }
        return threads;
    }

    /// Stops and continues the partner, and takes a sample after each, until the time is over and
    /// all currents are under way.
    private static void watch(Budget budget, ChildRole partner, SplittableRandom random,
            Findings findings) throws Exception {
        Growth here = new Growth("this process", findings);
        Growth there = new Growth("the partner", findings);
        Duration rest = budget.share(1 - PART_UNTIL_WARM).time();
        while ((budget.isLeft() || (budget.isExtended() && findings.isAimMissing()))
                && partner.process().isAlive()) {
            Thread.sleep(budget.time().dividedBy(SAMPLES));
            partner.signal("STOP");
            Thread.sleep(random.nextLong(1, LONGEST_STOP.toMillis()));
            partner.signal("CONT");
            findings.count(STOPS);
            if (budget.left().compareTo(rest) < 0) {
                here.add(Footprint.own());
                there.add(Footprint.of(partner.process().pid()));
            }
        }
        here.check(budget);
        there.check(budget);
    }
}
