package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.Estate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends that are closed, or moved away, at random moments while other threads use them. The only
/// allowed results are "closed" and "the other side is gone", and this JVM must not crash.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseRacesTest {

    private static final int ROUNDS = 5_000;
    private static final int LONGEST_PAUSE = 3_000; // looks of a spinning thread
    private static final int CAPACITY = 4096;

    @RegisterExtension
    final Children children = new Children();

    @RepeatedTest(2)
    void closesRaceWithAllVerbs() throws Exception {
        long seed = System.nanoTime();
        System.out.println("close races: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int round = 0; round < ROUNDS; round++) {
                race(random, threads, "seed=" + seed + ", round=" + round);
            }
        }
    }

    private static void race(SplittableRandom random, ExecutorService threads, String which)
            throws Exception {
        // Spinning threads keep each other from working on a small machine: seldom.
        ChannelOptions options = ChannelOptions.defaults().withCapacity(CAPACITY)
                .withWaitStrategy(switch (random.nextInt(16)) {
                    case 0 -> WaitStrategy.SPIN;
                    case 1, 2, 3, 4, 5, 6, 7 -> WaitStrategy.HYBRID;
                    default -> WaitStrategy.BLOCK;
                });
        try (Channel<String> channel = Channel.create(String.class, options)) {
            List<Future<String>> races = new ArrayList<>();
            for (Callable<Void> verb : List.of(sending(channel, random.nextInt(4)),
                    receiving(channel, random.nextInt(3)))) {
                races.add(threads.submit(() -> end(verb)));
            }
            int pause = random.nextInt(LONGEST_PAUSE);
            boolean isReceiverFirst = random.nextBoolean();
            boolean isMoved = random.nextInt(4) == 0;
            races.add(threads.submit(() -> {
                pause(pause);
                return isMoved && isReceiverFirst ? move(channel)
                        : close(channel, isReceiverFirst);
            }));
            for (Future<String> race : races) {
                assertThat(race.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(which)
                        .isIn("EndClosed", "Disconnected", "closed");
            }
        }
    }

    private static Callable<Void> sending(Channel<String> channel, int way) {
        Sender<String> sender = channel.sender();
        return switch (way) {
            case 0 -> forever(() -> sender.send("message"));
            case 1 -> forever(() -> {
                sender.trySend("message");
                LockSupport.parkNanos(1); // else the closer has no processor
            });
            case 2 -> forever(() -> {
                try (Claim claim = sender.claim(8)) {
                    claim.commit();
                }
            });
            default -> forever(() -> {
                sender.share().close();
                LockSupport.parkNanos(1);
            });
        };
    }

    private static Callable<Void> receiving(Channel<String> channel, int way) {
        Receiver<String> receiver = channel.receiver();
        return switch (way) {
            case 0 -> forever(receiver::receive);
            case 1 -> forever(() -> {
                receiver.tryReceive();
                LockSupport.parkNanos(1);
            });
            default -> forever(() -> receiver.receive((_, _, _) -> {}, 10));
        };
    }

    private interface Verb {
        void call() throws Exception;
    }

    private static Callable<Void> forever(Verb verb) {
        return () -> {
            while (true) {
                try {
                    verb.call();
                } catch (IllegalStateException refused) { // the receiver is moving
                    assertThat(refused).message()
                            .containsAnyOf("belongs to a message", "one thread at a time");
                }
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

    private static String close(Channel<String> channel, boolean isReceiverFirst) {
        if (isReceiverFirst) {
            channel.receiver().close();
            channel.sender().close();
        } else {
            channel.sender().close();
            channel.receiver().close();
        }
        return "closed";
    }

    /// Moves the receiver away, if no thread is inside, and closes everything.
    private static String move(Channel<String> channel) throws InterruptedException {
        try (Channel<Estate> carrier = Channel.create(Estate.class)) {
            carrier.sender().send(new Estate(channel.receiver()));
            carrier.receiver().receive(Children.PATIENCE).receiver().close();
        } catch (CodecFailed inUse) {
            assertThat(inUse).hasMessageContaining("one thread at a time");
        }
        return close(channel, true);
    }

    private static void pause(int looks) {
        for (int i = 0; i < looks; i++) {
            Thread.onSpinWait();
        }
    }
}
