package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Occupied;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.BurstChild;
import dev.ipcchannel.testing.children.IdleChild;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The adapters of a receiver whose sending child is killed: each gives all messages sent, and
/// ends.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdaptersIT {

    private static final String CAPACITY = "65536";
    private static final List<String> BURST = IntStream.range(0, BurstChild.COUNT)
            .mapToObj(number -> "message " + number).toList();

    @RegisterExtension
    final Children children = new Children();

    @Test
    void loopEndsAfterTheLastMessage() throws Exception {
        try (Conversation talk = children.converse(BurstChild.class, CAPACITY)) {
            List<String> received = new CopyOnWriteArrayList<>();
            Waits<Void> loop = Waits.run(() -> {
                for (String message : talk.fromChild()) {
                    received.add(message);
                }
            });

            killAfterTheBurst(talk);

            loop.value();
            assertThat(received).isEqualTo(BURST);
        }
    }

    @Test
    void streamEndsAfterTheLastMessage() throws Exception {
        try (Conversation talk = children.converse(BurstChild.class, CAPACITY)) {
            Waits<List<String>> stream = Waits.in(talk.fromChild().stream()::toList);

            killAfterTheBurst(talk);

            assertThat(stream.value()).isEqualTo(BURST);
        }
    }

    @Test
    void futureFails() throws Exception {
        try (Conversation talk = children.converse(IdleChild.class, CAPACITY)) {
            assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("ready");
            CompletableFuture<String> future = talk.fromChild().receiveAsync();
            Occupied.byAThread(talk.fromChild());

            talk.child().kill();

            assertEnded(future);
        }
    }

    @Test
    void publisherCompletesAfterTheLastMessage() throws Exception {
        try (Conversation talk = children.converse(BurstChild.class, CAPACITY)) {
            CompletableFuture<List<String>> completed = new CompletableFuture<>();
            talk.fromChild().publisher().subscribe(new Flow.Subscriber<>() {

                private final List<String> received = new CopyOnWriteArrayList<>();

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(String message) {
                    received.add(message);
                }

                @Override
                public void onError(Throwable failure) {
                    completed.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    completed.complete(received);
                }
            });
            killAfterTheBurst(talk);

            assertThat(completed.get(20, TimeUnit.SECONDS)).isEqualTo(BURST);
        }
    }

    private static void killAfterTheBurst(Conversation talk) throws InterruptedException {
        await("the child has sent").atMost(Children.PATIENCE)
                .until(() -> talk.child().output().contains("sent"));
        talk.child().kill();
    }

    private static void assertEnded(CompletableFuture<?> future) {
        assertThatThrownBy(() -> future.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(Disconnected.class);
    }
}
