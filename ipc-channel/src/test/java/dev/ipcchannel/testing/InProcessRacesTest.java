package dev.ipcchannel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.WaitStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Faults at random moments while other threads use an in-process channel. The only allowed results
/// are "killed" and "the other side is gone", and this JVM must not crash.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InProcessRacesTest {

    private static final int ROUNDS = 3_000;
    private static final int LONGEST_PAUSE = 3_000; // looks of a spinning thread
    private static final Duration DELAY = Duration.ofNanos(50_000);
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096)
            .withWaitStrategy(WaitStrategy.BLOCK);

    @RegisterExtension
    final Children children = new Children();

    private interface Verb {
        void call() throws Exception;
    }

    @Test
    void faultsRaceWithAllVerbs() throws Exception {
        long seed = System.nanoTime();
        System.out.println("races of faults: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int round = 0; round < ROUNDS; round++) {
                race(random, threads, "seed=" + seed + ", round=" + round);
            }
        }
    }

    private static void race(SplittableRandom random, ExecutorService threads, String which)
            throws Exception {
        try (InProcess<String> channel = InProcess.open(String.class, SMALL)) {
            List<Future<String>> races = new ArrayList<>();
            for (Callable<Void> verb : List.of(sending(channel.sender(), random.nextInt(5)),
                    sending(channel.sender(), random.nextInt(5)),
                    receiving(channel.receiver(), random.nextInt(2)))) {
                races.add(threads.submit(() -> end(verb)));
            }
            boolean isSenderFirst = random.nextBoolean();
            for (int fault = random.nextInt(4); fault > 0; fault--) {
                pause(random.nextInt(LONGEST_PAUSE));
                ask(channel, random.nextInt(4));
            }
            pause(random.nextInt(LONGEST_PAUSE));
            kill(channel, isSenderFirst);
            for (Future<String> race : races) {
                assertThat(race.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(which)
                        .isIn("EndClosed", "Disconnected");
            }
            kill(channel, !isSenderFirst);
        }
    }

    private static void ask(InProcess<String> channel, int fault) {
        switch (fault) {
            case 0 -> channel.fill();
            case 1 -> channel.makeRoom();
            case 2 -> channel.delay(DELAY);
            default -> channel.delay(Duration.ZERO);
        }
    }

    private static void kill(InProcess<String> channel, boolean isSender) {
        if (isSender) {
            channel.killSender();
        } else {
            channel.killReceiver();
        }
    }

    private static Callable<Void> sending(Sender<String> sender, int way) {
        return switch (way) {
            case 0 -> forever(() -> sender.send("message"));
            case 1 -> forever(() -> sender.send("message ".repeat(1000)));
            case 2 -> forever(() -> {
                try (Claim claim = sender.claim(8)) {
                    claim.payload().fill((byte) 'x');
                    claim.commit();
                }
            });
            case 3 -> forever(() -> {
                try (Sender<String> share = sender.share()) {
                    share.send("message");
                }
            });
            default -> () -> {
                try (Sender<String> exclusive = sender.exclusive()) {
                    return forever(() -> exclusive.send("message")).call();
                }
            };
        };
    }

    private static Callable<Void> receiving(Receiver<String> receiver, int way) {
        return way == 0 ? forever(receiver::receive)
                : forever(() -> receiver.receive((_, _, _) -> {}, 10));
    }

    private static Callable<Void> forever(Verb verb) {
        return () -> {
            while (true) {
                verb.call();
            }
        };
    }

    /// The result of the call.
    private static String end(Callable<Void> verb) throws Exception {
        try {
            verb.call();
            return "returned";
        } catch (EndClosed | Disconnected end) {
            return end.getClass().getSimpleName();
        }
    }

    private static void pause(int looks) {
        for (int i = 0; i < looks; i++) {
            Thread.onSpinWait();
        }
    }
}
