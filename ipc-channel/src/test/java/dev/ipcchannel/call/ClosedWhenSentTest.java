package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Resources that a handler gives its call to close: they are closed once the answer is sent, or
/// cannot be, or is not wanted, and not before.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosedWhenSentTest {

    private static final int LENGTH = 1000;

    @RegisterExtension
    final Children children = new Children();

    private final List<SharedBytes> made = new CopyOnWriteArrayList<>();

    /// Way in which questions are answered.
    enum Way {
        INLINE, CONCURRENT, BY_HAND
    }

    private record Asked(Caller<String, SharedBytes> caller,
            Responder<String, SharedBytes> responder, Waits<Void> serving)
            implements AutoCloseable {

        static Asked served(Way way, Handler<String, SharedBytes> handler) {
            Caller.Pair<String, SharedBytes> pair =
                    Caller.create(TypeToken.of(String.class), TypeToken.of(SharedBytes.class),
                            ChannelOptions.defaults().withMaxMessage(4096));
            Responder<String, SharedBytes> responder = new Responder<>(pair.far());
            return new Asked(pair.near(), responder,
                    Waits.run(() -> serve(way, responder, handler)));
        }

        private static void serve(Way way, Responder<String, SharedBytes> responder,
                Handler<String, SharedBytes> handler) throws Exception {
            switch (way) {
                case INLINE -> responder.serve(handler);
                case CONCURRENT -> {
                    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                        responder.serve(handler, executor);
                    }
                }
                case BY_HAND -> {
                    Question<String, SharedBytes> question = responder.receive();
                    while (question != null) {
                        answer(question, handler);
                        question = responder.receive();
                    }
                }
            }
        }

        private static void answer(Question<String, SharedBytes> question,
                Handler<String, SharedBytes> handler) throws InterruptedException {
            SharedBytes answer;
            try {
                answer = handler.answer(question.value(), question);
            } catch (Exception failure) {
                question.fail(failure);
                return;
            }
            if (answer == null) {
                question.end();
            } else {
                question.send(answer);
            }
        }

        @Override
        public void close() {
            caller.close();
            Void _ = serving.result().orTimeout(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            responder.close();
        }
    }

    private SharedBytes make() {
        SharedBytes bytes = SharedBytes.of(new byte[LENGTH]);
        made.add(bytes);
        return bytes;
    }

    private void awaitAllClosed(int count) {
        await("all are closed").atMost(Children.PATIENCE)
                .untilAsserted(() -> assertThat(made).hasSize(count)
                        .allSatisfy(bytes -> assertThat(bytes.toString()).endsWith("closed]")));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void answerArrivesAndItsOriginalIsClosed(Way way) throws Exception {
        try (Asked asked = Asked.served(way,
                (_, exchange) -> exchange.closeWhenSent(make()))) {
            for (int i = 0; i < 20; i++) {
                try (SharedBytes answer = asked.caller().call("a question", Children.PATIENCE)) {
                    assertThat(answer.length()).isEqualTo(LENGTH);
                    assertThat(answer.toByteArray()).hasSize(LENGTH);
                }
            }
            awaitAllClosed(20);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void failureOfTheHandlerClosesItToo(Way way) throws Exception {
        try (Asked asked = Asked.served(way, (_, exchange) -> {
            SharedBytes _ = exchange.closeWhenSent(make());
            throw new IllegalStateException("not today");
        })) {
            assertThatThrownBy(() -> asked.caller().call("a question", Children.PATIENCE))
                    .isInstanceOf(CallFailed.class).hasMessageContaining("not today");
            awaitAllClosed(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void answerThatCannotBeSentIsClosed(Way way) throws Exception {
        try (Asked asked = Asked.served(way, (_, exchange) -> {
            SharedBytes bytes = exchange.closeWhenSent(make());
            bytes.close();
            return bytes;
        })) {
            for (int i = 1; i <= 3; i++) { // it serves on
                assertThatThrownBy(() -> asked.caller().call("a question", Children.PATIENCE))
                        .isInstanceOfSatisfying(CallFailed.class, failure -> assertThat(
                                failure.remoteType()).isEqualTo(EndClosed.class.getName()));
                awaitAllClosed(i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void cancelAndTheEndOfTheCallerCloseItOnceTheHandlerHasReturned(Way way) throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Void> goesOn = new CompletableFuture<>();
        try (Asked asked = Asked.served(way, (_, exchange) -> {
            SharedBytes bytes = exchange.closeWhenSent(make());
            begun.countDown();
            goesOn.join(); // whatever interrupts
            assertThat(bytes.toByteArray()).as("open as long as the handler runs").hasSize(LENGTH);
            return bytes;
        })) {
            CompletableFuture<SharedBytes> call = asked.caller().send("a question");
            await().atMost(Children.PATIENCE).until(() -> begun.getCount() == 1);
            assertThat(call.cancel(true)).isTrue();
            assertThat(made.getFirst().toString()).doesNotContain("closed");
            CompletableFuture<SharedBytes> _ = asked.caller().send("another");
            asked.caller().close();
            goesOn.complete(null);
            await("all are closed").atMost(Children.PATIENCE).untilAsserted(() -> assertThat(made)
                    .allSatisfy(bytes -> assertThat(bytes.toString()).endsWith("closed]")));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void lastIsClosedFirstAndWhatACloseThrowsHurtsNothing(Way way) throws Exception {
        List<String> closed = new CopyOnWriteArrayList<>();
        CompletableFuture<Exchange<SharedBytes>> seen = new CompletableFuture<>();
        try (Asked asked = Asked.served(way, (_, exchange) -> {
            AutoCloseable _ = exchange.closeWhenSent(() -> closed.add("first"));
            AutoCloseable _ = exchange.closeWhenSent(() -> {
                closed.add("second");
                throw new IllegalStateException("cannot be closed");
            });
            seen.complete(exchange);
            return exchange.closeWhenSent(make());
        })) {
            asked.caller().call("a question", Children.PATIENCE).close();
            awaitAllClosed(1);
            await().atMost(Children.PATIENCE).until(() -> closed.size() == 2);
            assertThat(closed).containsExactly("second", "first");

            Exchange<SharedBytes> over = Objects.requireNonNull(seen.get(1, TimeUnit.SECONDS));
            assertThatThrownBy(() -> over.closeWhenSent(make()))
                    .isInstanceOf(IllegalStateException.class);
            awaitAllClosed(2);
        }
    }
}
