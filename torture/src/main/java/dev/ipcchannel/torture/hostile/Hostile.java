package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The storm of peers in Python that break the protocol in every known way, several at once, each
/// against all methods of this process. Every method must end with a value or an `IpcException`,
/// within its allowed time, and an honest child must be answered meanwhile.
public final class Hostile implements Storm {

    private static final String DIRECTORY = "ipc.directory";
    private static final int AT_ONCE = 4; // peers: Python is not up at once

    // A process that this one starts has a copy of each descriptor, which the kernel closes inside
    // the start. So while a file is open here whose flush waits, every start waits too.
    private final ReadWriteLock starts = new ReentrantReadWriteLock(true);

    @Override
    public String name() {
        return "hostile";
    }

    @Override
    public String aim() {
        return "peers that break the protocol in every way: no method waits too long or fails in"
                + " another way than it documents, no other peer is harmed";
    }

    @Override
    public void run(Budget budget, Findings findings) throws Exception {
        String python = Scripts.python();
        if (python.isEmpty()) {
            findings.leftOut("hostile peers", "there is no python3 of 3.10 or newer on the PATH");
            return;
        }
        for (Mode mode : Mode.values()) {
            mode.declare(findings);
        }
        try (Scripts scripts = Scripts.write(python)) {
            System.setProperty(DIRECTORY, scripts.names().toString());
            runAll(budget, findings, scripts);
        } finally {
            System.clearProperty(DIRECTORY);
        }
    }

    private void runAll(Budget budget, Findings findings, Scripts scripts) throws Exception {
        try (Honest _ = Honest.start(findings);
                ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor()) {
            Turns turns = new Turns(budget, findings);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                threads.add(Thread.ofPlatform().daemon().name("parent of hostile peers " + i)
                        .start(() -> run(turns, scripts, killer, findings)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private void run(Turns turns, Scripts scripts, ScheduledExecutorService killer,
            Findings findings) {
        for (Turns.Turn turn = turns.next(); turn != null; turn = turns.next()) {
            Lock lock = turn.mode() == Mode.FUSE ? starts.writeLock() : starts.readLock();
            lock.lock();
            try {
                new Trial(turn.mode(), turn.seed(), scripts, findings).run(killer);
                findings.count("peers");
            } catch (Exception | Error failure) {
                findings.fault("a trial failed: " + turn, failure);
            } finally {
                lock.unlock();
            }
        }
    }
}
