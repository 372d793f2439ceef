package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.torture.ChildRole;
import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// An honest child and a thread that asks it all the time: no hostile peer may delay a call or make
/// it fail.
final class Honest implements AutoCloseable {

    static final String CALLS = "calls of an honest peer, answered beside all others";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(3);

    private final Findings findings;
    private final ChildRole child;
    private final Caller<String, String> caller;
    private final Thread thread;
    private volatile boolean isOver;

    private Honest(Findings findings, ChildRole child, Caller<String, String> caller) {
        this.findings = findings;
        this.child = child;
        this.caller = caller;
        this.thread = Thread.ofPlatform().daemon().name("honest caller").unstarted(this::ask);
    }

    /// Starts both.
    static Honest start(Findings findings) throws IOException, InterruptedException {
        findings.aim(CALLS);
        try (OneShotServer<HonestChild.Desk> server = OneShotServer.open(HonestChild.Desk.class)) {
            ChildRole child = ChildRole.of(HonestChild.class, server.name()).start();
            try {
                HonestChild.Desk desk = server.accept(child.process(), PATIENCE);
                Honest honest = new Honest(findings, child, new Caller<>(desk.caller()));
                honest.thread.start();
                return honest;
            } catch (RuntimeException | InterruptedException failure) {
                child.close();
                throw failure;
            }
        }
    }

    private void ask() {
        for (long i = 0; !isOver; i++) {
            String question = "question " + i;
            try {
                String answer = findings.timed("call of an honest peer", Duration.ZERO,
                        () -> caller.call(question, Verbs.HOLD));
                if (!answer.equals(question)) {
                    findings.fault("a message of an honest peer is wrong: " + answer);
                }
                findings.count(CALLS);
            } catch (Exception | Error failure) {
                findings.fault("a hostile peer harms another: a call failed", failure);
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        isOver = true;
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        caller.close();
        child.close();
    }
}
