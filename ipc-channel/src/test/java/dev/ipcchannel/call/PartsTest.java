package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Reply.Part;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.call.Request.Cancel;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers in parts.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartsTest {

    private static final int MANY = 100_000;

    @RegisterExtension
    final Children children = new Children();

    private static Served served(boolean isInline, Handler<String, String> handler) {
        return isInline ? Served.inline(handler) : Served.concurrent(handler);
    }

    /// Sends as many parts as the question says.
    private static @Nullable String count(String question,
            Exchange<String> exchange) throws InterruptedException {
        int count = Integer.parseInt(question);
        for (int i = 0; i < count; i++) {
            exchange.part("part " + i);
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partsComeInOrderAndNeverMoreThanTheWindowAhead(boolean isInline) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Served served = served(isInline, (_, exchange) -> {
            for (int i = 0; i < MANY; i++) {
                exchange.part("part " + i);
                sent.incrementAndGet();
            }
            return null;
        });
                Parts<String> parts = served.caller().stream("go")) {
            for (int i = 0; i < MANY; i++) {
                assertThat(parts.next()).isEqualTo("part " + i);
                assertThat(sent.get() - i - 1).isLessThanOrEqualTo(Reply.WINDOW);
            }
            assertThat(parts.next()).isNull();
            assertThat(parts.next()).as("after the end").isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streamThatNoThreadTakesDoesNotHoldUpOtherCalls(boolean isInline) throws Exception {
        try (Served served = served(isInline, (question, exchange) -> question.startsWith("c")
                ? question
                : count(question, exchange))) {
            // Inline, that one's handler is over before its caller has to take anything.
            String count = isInline ? "64" : "1000";
            try (Parts<String> parts = served.caller().stream(count)) {
                for (int i = 0; i < 1000; i++) {
                    assertThat(served.caller().call("call " + i, Children.PATIENCE))
                            .isEqualTo("call " + i);
                }
                for (int i = 0; i < Integer.parseInt(count); i++) {
                    assertThat(parts.next()).isEqualTo("part " + i);
                }
                assertThat(parts.next()).isNull();
            }
        }
    }

    @Test
    void askingForMoreThanBothRingsHoldReceivesMeanwhile() throws Exception {
        int streams = 200;
        String padding = "x".repeat(150);
        try (Served served = Served.inline((question, exchange) -> {
            for (int i = 0; i < Reply.WINDOW; i++) {
                exchange.part(question + i);
            }
            return "last";
        })) {
            List<Parts<String>> all = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                all.add(served.caller().stream(padding, Children.PATIENCE));
            }
            for (Parts<String> parts : all) {
                for (int i = 0; i < Reply.WINDOW; i++) {
                    assertThat(parts.next(Children.PATIENCE)).isEqualTo(padding + i);
                }
                assertThat(parts.next()).isEqualTo("last");
                assertThat(parts.next()).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closeBeforeTheEndCancelsTheHandler(boolean isInline) throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        String padding = "x".repeat(500); // the parts of a window do not fit into the ring
        try (Served served = served(isInline, (question, exchange) -> {
            if (question.equals("next")) {
                return question;
            }
            try {
                while (true) {
                    exchange.part(padding);
                }
            } catch (CancellationException | InterruptedException end) {
                seen.complete(end);
                throw end;
            }
        })) {
            Parts<String> parts = served.caller().stream("endless");
            assertThat(parts.next()).isEqualTo(padding);

            parts.close();

            assertThat(seen.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThatThrownBy(parts::next).isInstanceOf(EndClosed.class);
            assertThat(served.caller().call("next")).isEqualTo("next");
            await().atMost(Children.PATIENCE).untilAsserted(
                    () -> assertThat(served.caller()).asString().contains("open=0"));
        }
    }

    @Test
    void failureComesAfterThePartsBeforeIt() throws Exception {
        try (Served served = Served.inline((_, exchange) -> {
            exchange.part("first");
            throw new IllegalStateException("no more");
        });
                Parts<String> parts = served.caller().stream("go")) {
            assertThat(parts.next()).isEqualTo("first");
            assertThatThrownBy(parts::next).isInstanceOf(CallFailed.class)
                    .hasMessageContaining("no more");
        }
    }

    @Test
    void handlerCanSeeThatItsCallerTakesNothing() throws Exception {
        try (Served served = Served.inline((_, exchange) -> {
            for (int i = 0; i < Reply.WINDOW; i++) {
                exchange.part("part");
            }
            assertThatThrownBy(() -> exchange.part("one too many", Duration.ofMillis(10)))
                    .isInstanceOf(TimedOut.class);
            return "last";
        });
                Parts<String> parts = served.caller().stream("go")) {
            CompletableFuture<String> next = served.caller().send("go"); // has its turn after it
            assertThatThrownBy(() -> next.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ProtocolViolation.class);
            for (int i = 0; i < Reply.WINDOW; i++) {
                assertThat(parts.next()).isEqualTo("part");
            }
            assertThat(parts.next()).isEqualTo("last");
            assertThat(parts.next()).isNull();
        }
    }

    @Test
    void exchangeIsOfNoUseWhenItsHandlerHasReturnedOrToOtherThreads() throws Exception {
        CompletableFuture<Exchange<String>> kept = new CompletableFuture<>();
        try (Served served = Served.inline((question, exchange) -> {
            assertThatThrownBy(() -> CompletableFuture.runAsync(exchange::isCancelled).join())
                    .hasCauseInstanceOf(IllegalStateException.class);
            kept.complete(exchange);
            return question;
        })) {
            assertThat(served.caller().call("go")).isEqualTo("go");
            assertThatThrownBy(() -> kept.get().part("late"))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void morePartsThanGrantedEndTheCall() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        try (Caller<String, String> caller = pair.near();
                Duplex<Reply<String>, Request<String>> far = pair.far();
                Parts<String> parts = caller.stream("go")) {
            long id = ((Ask<String>) far.receive()).id();
            for (int i = 0; i < 2 * Reply.WINDOW; i++) {
                far.send(new Part<>(id, "part"));
            }

            Waits<String> other = Waits.in(() -> caller.call("other"));
            long otherId = ((Ask<String>) far.receive(Children.PATIENCE)).id();
            assertThat(far.receive(Children.PATIENCE)).isEqualTo(new Cancel<>(id));
            far.send(new Reply.Answer<>(otherId, "answer"));
            assertThat(other.value()).isEqualTo("answer");
            for (int i = 0; i < Reply.WINDOW; i++) {
                assertThat(parts.next()).isEqualTo("part");
            }
            assertThatThrownBy(parts::next).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("granted=64");
        }
    }

    @Test
    void waitForAPartEndsOnATimeoutAndTheCallGoesOn() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        try (Caller<String, String> caller = pair.near();
                Duplex<Reply<String>, Request<String>> far = pair.far();
                Parts<String> parts = caller.stream("go")) {
            assertThatThrownBy(() -> parts.next(Duration.ofMillis(10)))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("timeout=10 ms");

            far.send(new Part<>(((Ask<String>) far.receive()).id(), "part"));

            assertThat(parts.next(Children.PATIENCE)).isEqualTo("part");
        }
    }
}
