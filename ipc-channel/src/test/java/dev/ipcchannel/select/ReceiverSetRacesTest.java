package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threads that add, remove, close and select at the same moment, again and again: only documented
/// results occur, nothing is left, and no thread hangs.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiverSetRacesTest {

    private static final int REPETITIONS = 2000;
    private static final int ADDERS = 2;
    private static final int LONGEST_PAUSE_NANOS = 50_000;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void setClosedWhileOthersAddAndSelectKeepsNoThread() throws Exception {
        long seed = System.nanoTime();
        System.out.println("set races: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Channel<Integer>> channels = new ArrayList<>();
        for (int i = 0; i < ADDERS; i++) {
            channels.add(Channel.create(Integer.class, SMALL));
        }
        CyclicBarrier start = new CyclicBarrier(ADDERS + 2);
        for (int i = 0; i < REPETITIONS; i++) {
            ReceiverSet<Integer> set = ReceiverSet.open();
            List<Waits<?>> calls = new ArrayList<>();
            for (Channel<Integer> channel : channels) {
                SplittableRandom own = random.split();
                calls.add(Waits.run(() -> {
                    start.await();
                    addAndRemove(set, channel, own);
                }));
            }
            calls.add(Waits.run(() -> {
                start.await();
                selectUntilClosed(set);
            }));
            start.await();
            pause(random);
            set.close();
            for (Waits<?> call : calls) {
                call.value();
            }
            assertThat(set.count()).as("members of a closed set").isZero();
            for (Channel<Integer> channel : channels) {
                while (channel.receiver().tryReceive() != null) {
                    // free again: it would be refused in a set
                }
            }
        }
        channels.forEach(Channel::close);
    }

    private static void addAndRemove(ReceiverSet<Integer> set, Channel<Integer> channel,
            SplittableRandom random) {
        try {
            while (true) {
                set.add(channel.receiver());
                channel.sender().trySend(1);
                pause(random);
                if (random.nextBoolean()) {
                    set.remove(channel.receiver());
                    pause(random);
                } else {
                    addAgain(set, channel);
                    set.remove(channel.receiver());
                }
            }
        } catch (EndClosed _) {
            // the set was closed
        }
    }

    private static void addAgain(ReceiverSet<Integer> set, Channel<Integer> channel) {
        try {
            set.add(channel.receiver());
        } catch (IllegalStateException _) {
            // it is in the set, and perhaps being visited
        }
    }

    private static void selectUntilClosed(ReceiverSet<Integer> set) throws InterruptedException {
        try {
            while (true) {
                set.select().forEach(event -> assertThat(event)
                        .isInstanceOf(ReceiverEvent.Message.class));
            }
        } catch (EndClosed _) {
            // as it should be
        }
    }

    @Test
    void memberClosedWhileASelectionRunsIsReportedOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("closed members: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        try (Channel<Integer> stays = Channel.create(Integer.class, SMALL);
                ReceiverSet<Integer> set = ReceiverSet.open()) {
            set.add(stays.receiver());
            List<ReceiverEvent<Integer>> ends = new ArrayList<>();
            Waits<Void> selecting = Waits.run(() -> {
                while (ends.size() < REPETITIONS) {
                    for (ReceiverEvent<Integer> event : set.select()) {
                        if (!(event instanceof ReceiverEvent.Message)) {
                            ends.add(event);
                        }
                    }
                }
            });
            for (int i = 0; i < REPETITIONS; i++) {
                try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
                    channel.sender().send(1);
                    set.add(channel.receiver());
                    stays.sender().trySend(1);
                    pause(random);
                    channel.receiver().close();
                }
            }
            selecting.value();
            assertThat(ends).hasSize(REPETITIONS).allSatisfy(event -> assertThat(event)
                    .isInstanceOfSatisfying(ReceiverEvent.Closed.class, closed -> assertThat(
                            closed.cause()).isInstanceOf(EndClosed.class)));
            assertThat(set.count()).isEqualTo(1);
        }
    }

    @Test
    void receiverTakenOutIsReceivedFromAtOnceWhileASelectionRuns() throws Exception {
        ReceiverSet<Integer> set = ReceiverSet.open();
        try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
            Waits<Void> selecting = Waits.run(() -> selectUntilClosed(set));
            for (int i = 0; i < 10 * REPETITIONS; i++) {
                channel.sender().trySend(i);
                set.add(channel.receiver());
                set.remove(channel.receiver());
                while (channel.receiver().tryReceive() != null) {
                    // no other thread may be inside, not even for a look
                }
            }
            set.close();
            selecting.value();
        }
    }

    @Test
    void routerClosedWhileAnotherThreadRoutesKeepsNoReceiver() throws Exception {
        long seed = System.nanoTime();
        System.out.println("closed routers: seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < REPETITIONS / 4; i++) {
            Router router = Router.open();
            SplittableRandom own = random.split();
            Waits<Void> routing = Waits.run(() -> route(router, own));
            pause(random);
            router.close();
            routing.value();
            assertThat(router.count()).isZero();
        }
    }

    private static void route(Router router, SplittableRandom random) {
        try {
            while (true) {
                Channel<Integer> channel = Channel.create(Integer.class, SMALL);
                channel.sender().trySend(1);
                try {
                    router.route(channel.receiver(), _ -> {});
                    pause(random);
                } catch (EndClosed refused) { // the caller still has the receiver, with all
                    assertThat(channel.receiver().tryReceive()).isEqualTo(1);
                    channel.receiver().close();
                    throw refused;
                } finally {
                    channel.sender().close();
                }
            }
        } catch (EndClosed _) {
            // as it should be
        }
    }

    /// Passes a random short time; not a synchronisation.
    private static void pause(SplittableRandom random) {
        int nanos = random.nextInt(LONGEST_PAUSE_NANOS);
        if (nanos % 2 == 0) {
            LockSupport.parkNanos(nanos);
        }
    }
}
