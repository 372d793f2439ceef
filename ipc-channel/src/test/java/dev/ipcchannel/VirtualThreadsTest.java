package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Waits of virtual threads: they release their carrier, and end as on other threads.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest {

    private static final int THREADS = 3000;
    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void thousandsThatReceiveDelayNoThreadAndAllWake() throws Exception {
        List<Channel<Integer>> channels = new ArrayList<>();
        List<CompletableFuture<Integer>> received = new ArrayList<>();
        try {
            for (int i = 0; i < THREADS; i++) {
                Channel<Integer> channel = Channel.create(Integer.class, SMALL);
                channels.add(channel);
                channel.sender().send(-1); // it has a lane
                assertThat(channel.receiver().receive()).isEqualTo(-1);
            }
            AtomicInteger started = new AtomicInteger();
            for (Channel<Integer> channel : channels) {
                received.add(inVirtualThread(() -> {
                    started.incrementAndGet();
                    return channel.receiver().receive();
                }));
            }
            await("all have begun").atMost(Children.PATIENCE)
                    .until(() -> started.get() == THREADS);

            CompletableFuture<String> unrelated = inVirtualThread(() -> "not held up");
            assertThat(unrelated.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("not held up");
            assertThat(received).noneMatch(CompletableFuture::isDone);

            for (int i = 0; i < THREADS; i++) {
                channels.get(i).sender().send(i);
            }
            for (int i = 0; i < THREADS; i++) {
                assertThat(received.get(i).get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
            }
        } finally {
            channels.forEach(Channel::close);
        }
    }

    @Test
    void virtualAndPlatformThreadsTakeTurnsAtOneReceiver() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
            for (int i = 0; i < 600; i++) { // more than a socket holds unread bells
                Callable<Integer> receive = channel.receiver()::receive;
                CompletableFuture<Integer> received = i % 7 == 0
                        ? Waits.in(receive).result() : inVirtualThread(receive);
                channel.sender().send(i);
                assertThat(received.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void virtualSendersWaitForRoom() throws Exception {
        int messages = 20_000;
        try (Channel<Integer> channel = Channel.create(Integer.class, SMALL)) {
            CompletableFuture<Void> sent = inVirtualThread(() -> {
                for (int i = 0; i < messages; i++) {
                    channel.sender().send(i);
                }
                return null;
            });
            CompletableFuture<Void> received = inVirtualThread(() -> {
                for (int i = 0; i < messages; i++) {
                    assertThat(channel.receiver().receive()).isEqualTo(i);
                }
                return null;
            });
            sent.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            received.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void virtualThreadSelects() throws Exception {
        try (Channel<Integer> first = Channel.create(Integer.class);
                Channel<Integer> second = Channel.create(Integer.class);
                ReceiverSet<Integer> set = ReceiverSet.open()) {
            set.add(first.receiver());
            set.add(second.receiver());
            for (int i = 0; i < 600; i++) {
                CompletableFuture<List<ReceiverEvent<Integer>>> selected =
                        inVirtualThread(set::select);
                Channel<Integer> channel = i % 2 == 0 ? first : second;
                channel.sender().send(i);
                assertThat(selected.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .containsExactly(new ReceiverEvent.Message<>(channel.receiver(), i));
            }
        }
    }

    @Test
    void severalThatAcceptDelayNoThread() throws Exception {
        List<Thread> waiting = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) { // more than there are carriers
            waiting.add(Thread.ofVirtual().start(() -> {
                try (OneShotServer<String> server = OneShotServer.open(String.class)) {
                    begun.countDown();
                    server.accept(Duration.ofMinutes(1));
                } catch (InterruptedException _) {
                    // as it should be
                }
            }));
        }
        assertThat(begun.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(inVirtualThread(() -> "not held up").get(Children.PATIENCE.toSeconds(),
                TimeUnit.SECONDS)).isEqualTo("not held up");

        for (Thread thread : waiting) {
            thread.interrupt();
            assertThat(thread.join(Children.PATIENCE)).isTrue();
        }
    }

    private static <T> CompletableFuture<T> inVirtualThread(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable failure) { // whatever it is, the test has to see it
                result.completeExceptionally(failure);
            }
        });
        return result;
    }
}
