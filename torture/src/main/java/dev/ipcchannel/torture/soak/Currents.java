package dev.ipcchannel.torture.soak;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.torture.Findings;
import dev.ipcchannel.torture.soak.Ends.Block;
import dev.ipcchannel.torture.soak.Ends.Pair;
import dev.ipcchannel.torture.soak.Ends.Parcel;
import dev.ipcchannel.worker.WorkerSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The host's side of the traffic. Each current is a loop on its own thread, which checks what
/// comes back.
final class Currents {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final int LONGEST_USUAL = 2000;
    private static final int LONGEST = 300_000;
    private static final int LONG_EVERY = 50;
    private static final int BLOCK = 50_000;
    private static final int IN_FLIGHT = 20;

    /// A loop of traffic.
    interface Current {
        void run() throws Exception;
    }

    private final Ends ends;
    private final WorkerSet<Pair, Long> workers;
    private final Findings findings;
    private final SplittableRandom random;
    private volatile boolean isOver;

    Currents(Ends ends, WorkerSet<Pair, Long> workers, Findings findings,
            SplittableRandom random) {
        this.ends = ends;
        this.workers = workers;
        this.findings = findings;
        this.random = random;
    }

    /// All currents, by the name of their count.
    Map<String, Current> all() {
        return Map.of("messages there and back", this::echo, "calls", this::call,
                "channels made for one question", this::parcel, "blocks of shared bytes",
                this::block, "messages selected", this::select, "jobs of workers", this::job,
                "messages to virtual threads", this::virtual);
    }

    /// Ends all currents, each at its next step.
    void end() {
        isOver = true;
    }

    private void done(String what, long startNanos) {
        findings.count(what);
        findings.noteCall(what, Duration.ofNanos(System.nanoTime() - startNanos)
                .minus(Soak.LONGEST_STOP));
    }

    private void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    private void echo() throws InterruptedException {
        SplittableRandom lengths = new SplittableRandom(random.nextLong());
        Duplex<byte[], byte[]> echo = ends.echo();
        for (int number = 0; !isOver; number++) {
            byte[] message = new byte[lengths
                    .nextInt(number % LONG_EVERY == 0 ? LONGEST : LONGEST_USUAL)];
            Arrays.fill(message, (byte) number);
            long start = System.nanoTime();
            echo.send(message, PATIENCE);
            check(Arrays.equals(message, echo.receive(PATIENCE)), "a message came back changed");
            done("messages there and back", start);
            if (number % IN_FLIGHT == 0) {
                pause();
            }
        }
    }

    private void call() throws Exception {
        try (Caller<Pair, Long> caller = new Caller<>(ends.calls())) {
            for (long number = 0; !isOver; number++) {
                Pair pair = new Pair(number, -2 * number);
                long start = System.nanoTime();
                long answer = number % 2 == 0 ? caller.call(pair, PATIENCE)
                        : caller.send(pair).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                check(answer == -number, "a call got another's answer");
                done("calls", start);
                if (number % IN_FLIGHT == 0) {
                    pause();
                }
            }
        }
    }

    private void parcel() throws InterruptedException {
        for (long number = 0; !isOver; number++) {
            long start = System.nanoTime();
            try (Channel<Long> answers = Channel.create(Long.class)) {
                ends.parcels().send(new Parcel(number, answers.sender()), PATIENCE);
                check(answers.receiver().receive(PATIENCE) == number, "an answer was another's");
            }
            done("channels made for one question", start);
            pause();
        }
    }

    private void block() throws InterruptedException {
        byte[] content = new byte[BLOCK];
        for (long number = 0; !isOver; number++) {
            Arrays.fill(content, (byte) number);
            long start = System.nanoTime();
            try (SharedBytes bytes = SharedBytes.of(content)) {
                ends.blocks().send(new Block(bytes), PATIENCE);
                try (SharedBytes back = ends.blocks().receive(PATIENCE).bytes()) {
                    check(bytes.equals(back), "a block came back changed");
                }
            }
            done("blocks of shared bytes", start);
            pause();
        }
    }

    private void select() throws InterruptedException {
        Map<Receiver<?>, Long> next = new HashMap<>();
        try (ReceiverSet<Long> set = ReceiverSet.open()) {
            ends.feeds().forEach(set::add);
            while (!isOver) {
                List<ReceiverEvent<Long>> events = set.select(PATIENCE);
                check(!events.isEmpty(), "nothing came to a set that is fed");
                for (ReceiverEvent<Long> event : events) {
                    if (event instanceof ReceiverEvent.Message<Long>(var receiver, Long number)) {
                        check(number.equals(next.getOrDefault(receiver, 0L)), "a feed has a gap");
                        next.put(receiver, number + 1);
                    } else {
                        throw new IllegalStateException("an event that is no message: " + event);
                    }
                }
                findings.count("messages selected", events.size());
            }
        }
    }

    private void job() throws Exception {
        for (long number = 0; !isOver; number++) {
            Pair pair = new Pair(number, 1);
            long start = System.nanoTime();
            long answer = number % 2 == 0 ? workers.call(pair)
                    : workers.send(pair).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            check(answer == number + 1, "a job got another's answer");
            done("jobs of workers", start);
            if (number % IN_FLIGHT == 0) {
                pause();
            }
        }
    }

    private void virtual() throws Exception {
        try (Channel<Long> there = Channel.create(Long.class);
                Channel<Long> back = Channel.create(Long.class);
                Sender<Long> answers = back.sender()) {
            var stop = Thread.ofVirtual().start(() -> {
                try {
                    for (long number = there.receiver().receive(); number >= 0;
                            number = there.receiver().receive()) {
                        answers.send(number);
                    }
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
            for (long number = 0; !isOver; number++) {
                long start = System.nanoTime();
                there.sender().send(number, PATIENCE);
                CompletableFuture<Long> answer = back.receiver().receiveAsync();
                check(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) == number,
                        "a virtual thread answered something else");
                done("messages to virtual threads", start);
                if (number % IN_FLIGHT == 0) {
                    pause();
                }
            }
            there.sender().send(-1L, PATIENCE);
            check(stop.join(PATIENCE), "a virtual thread has not ended");
        }
    }

    private static void check(boolean isSo, String otherwise) {
        if (!isSo) {
            throw new IllegalStateException(otherwise);
        }
    }
}
