package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.RouteHandler;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The ways to receive by a name: each gets all messages of two senders, and ends when the receiver
/// has left.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedVerbsTest {

    private static final int COUNT = 100;

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    /// A way to receive until the end.
    private interface Verb {
        List<String> all(NamedReceiver<String> receiver) throws Exception;
    }

    private static void assertGetsAllOfBothUntilItLeaves(Verb verb) throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class);
                NamedSender<String> first = NamedSender.open("words", String.class);
                NamedSender<String> second = NamedSender.open("words", String.class)) {
            Waits<List<String>> received = Waits.in(() -> verb.all(receiver)).asleep();
            for (int i = 0; i < COUNT; i++) {
                first.send("first " + i);
                second.send("second " + i);
            }
            receiver.leave();
            assertThat(received.value()).hasSize(2 * COUNT);
            for (String sender : List.of("first ", "second ")) {
                assertThat(received.value()).filteredOn(word -> word.startsWith(sender))
                        .isEqualTo(IntStream.range(0, COUNT).mapToObj(i -> sender + i).toList());
            }
        }
    }

    @Test
    void loopGetsAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> {
            List<String> all = new ArrayList<>();
            for (String word : receiver) {
                all.add(word);
            }
            return all;
        });
    }

    @Test
    void streamGetsAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> {
            try (Stream<String> words = receiver.stream()) {
                return words.toList();
            }
        });
    }

    @Test
    void callsGetAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(
                receiver -> untilDisconnected(() -> receiver.receive(Children.PATIENCE)));
    }

    @Test
    void futuresGetAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> untilDisconnected(() -> {
            try {
                return receiver.receiver().receiveAsync().get();
            } catch (ExecutionException failure) {
                throw (Exception) failure.getCause();
            }
        }));
    }

    private static List<String> untilDisconnected(Callable<String> next) throws Exception {
        List<String> all = new ArrayList<>();
        try {
            while (true) {
                all.add(next.call());
            }
        } catch (Disconnected _) {
            return all;
        }
    }

    @Test
    void setGetsAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> {
            List<String> all = new ArrayList<>();
            try (ReceiverSet<String> set = ReceiverSet.open()) {
                set.add(receiver.receiver());
                while (!set.isEmpty()) {
                    for (ReceiverEvent<String> event : set.select()) {
                        if (event instanceof ReceiverEvent.Message<String>(_, String word)) {
                            all.add(word);
                        }
                    }
                }
            }
            return all;
        });
    }

    @Test
    void routerGetsAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> {
            Words words = new Words();
            try (Router router = Router.open()) {
                var _ = router.route(receiver.receiver(), words);
                return words.all();
            }
        });
    }

    @Test
    void publisherGetsAll() throws Exception {
        assertGetsAllOfBothUntilItLeaves(receiver -> {
            Words words = new Words();
            receiver.receiver().publisher().subscribe(words);
            return words.all();
        });
    }

    /// The words handed on by a router or a publisher, until the end.
    private static final class Words implements RouteHandler<String>, Flow.Subscriber<String> {

        private final List<String> some = new ArrayList<>(); // by one thread at a time
        private final CompletableFuture<List<String>> all = new CompletableFuture<>();

        List<String> all() throws Exception {
            return all.get(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void onMessage(String word) {
            some.add(word);
        }

        @Override
        public void onEnd(IpcException cause) {
            all.complete(some);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String word) {
            some.add(word);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            all.complete(some);
        }
    }
}
