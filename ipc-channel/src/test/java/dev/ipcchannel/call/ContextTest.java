package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.call.Request.AskWithin;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Tenants;
import dev.ipcchannel.testing.Waits;
import java.lang.ScopedValue.CallableOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The context of questions: from the thread that asks to the one that answers.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContextTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final Tenants TENANTS = new Tenants();

    @RegisterExtension
    final Children children = new Children();

    private static final Handler<String, String> HANDLER = Handler.within(TENANTS,
            (question, exchange) -> question + " of " + Tenants.current());

    private static final class Failing implements ContextCarrier {

        @Override
        public Map<String, String> headers() {
            throw new IllegalStateException("no headers today");
        }

        @Override
        public <T extends @Nullable Object, X extends Throwable> T within(
                Map<String, String> headers, CallableOp<? extends T, X> handler) throws X {
            throw new IllegalStateException("no context today");
        }
    }

    @Test
    void eachWayToAskCarriesTheContextOfTheThreadThatAsks() throws Exception {
        try (Served served = Served.inline(HANDLER)) {
            Caller<String, String> caller = served.caller().withContext(TENANTS);
            RecordingObserver observer = new RecordingObserver();
            RecordingObserver tried = new RecordingObserver();

            String called = Tenants.with("a", () -> caller.call("1"));
            String inTime = Tenants.with("b", () -> caller.call("2", Children.PATIENCE));
            CompletableFuture<String> sent = Tenants.with("c", () -> caller.send("3"));
            Parts<String> parts = Tenants.with("d", () -> caller.stream("4"));
            ObservedCall<String> observed =
                    Tenants.with("e", () -> caller.observe("5", observer));
            ObservedCall<String> triedCall = Objects.requireNonNull(
                    Tenants.with("f", () -> caller.tryObserve("6", tried)));

            assertThat(List.of(called, inTime, sent.get(20, TimeUnit.SECONDS)))
                    .containsExactly("1 of a", "2 of b", "3 of c");
            assertThat(parts.next(Children.PATIENCE)).isEqualTo("4 of d");
            observed.await();
            triedCall.await();
            assertThat(observer.all()).containsExactly("5 of e");
            assertThat(tried.all()).containsExactly("6 of f");
        }
    }

    @Test
    void questionWithoutHeadersIsAskedAsWithoutACarrier() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        try (Caller<String, String> caller = pair.near();
                Duplex<Reply<String>, Request<String>> far = pair.far()) {
            CompletableFuture<String> _ = caller.withContext(TENANTS).send("bare");
            CompletableFuture<String> _ = Tenants.with("a",
                    () -> caller.withContext(TENANTS).send("carried"));
            CompletableFuture<String> _ = Tenants.with("a", () -> caller.send("bare again"));

            assertThat(far.receive(Children.PATIENCE)).isEqualTo(new Ask<>(1, "bare"));
            assertThat(far.receive(Children.PATIENCE))
                    .isEqualTo(new AskWithin<>(2, "tenant=a\n", "carried"));
            assertThat(far.receive(Children.PATIENCE)).isEqualTo(new Ask<>(3, "bare again"));
        }
    }

    @Test
    void handlerWithoutACarrierReadsTheHeaders() throws Exception {
        Handler<String, String> handler =
                (question, exchange) -> question + exchange.headers();
        try (Served served = Served.concurrent(handler)) {
            Caller<String, String> caller =
                    served.caller().withContext(ContextCarrier.of(Map.of("tenant", "a")));

            assertThat(caller.call("one ")).isEqualTo("one {tenant=a}");
            assertThat(served.caller().call("none ")).isEqualTo("none {}");
        }
    }

    @Test
    void handlersOnManyThreadsEachHaveTheirOwnContext() throws Exception {
        try (Served served = Served.concurrent(HANDLER)) {
            Caller<String, String> caller = served.caller().withContext(TENANTS);
            List<CompletableFuture<String>> answers = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String question = Integer.toString(i);
                answers.add(Tenants.with("tenant-" + i, () -> caller.send(question)));
                expected.add(i + " of tenant-" + i);
            }

            assertThat(answers).extracting(CompletableFuture::join).isEqualTo(expected);
        }
    }

    @Test
    void receivedQuestionHasItsHeaders() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far())) {
            CompletableFuture<String> answer = Tenants.with("a",
                    () -> caller.withContext(TENANTS).send("question"));

            Question<String, String> question =
                    Objects.requireNonNull(responder.receive(Children.PATIENCE));
            assertThat(question.value()).isEqualTo("question");
            assertThat(question.headers()).containsExactly(Map.entry("tenant", "a"));
            question.send("answer");
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("answer");
        }
    }

    @Test
    void callersWithAndWithoutContextAreClosedTogether() throws Exception {
        try (Served served = Served.inline(HANDLER)) {
            Caller<String, String> caller = served.caller().withContext(TENANTS);
            assertThat(caller.call("1")).isEqualTo("1 of none");
            served.caller().close();

            assertThatThrownBy(() -> caller.call("2"))
                    .isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void headersThatCannotTravelAreTheAskersErrorAndNothingIsAsked() throws Exception {
        try (Served served = Served.inline(HANDLER)) {
            Caller<String, String> caller = served.caller().withContext(TENANTS);
            String tooLong = "x".repeat(300);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tenants.with(tooLong, () -> caller.call("question")))
                    .withMessageContaining("too long").withMessageContaining("limit=256");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tenants.with("a\nb", () -> caller.send("question")))
                    .withMessageContaining("name=tenant");
            assertThatIllegalStateException().isThrownBy(
                    () -> served.caller().withContext(new Failing()).call("question"))
                    .withMessage("no headers today");
            assertThat(caller.openCalls()).isZero();
            assertThat(caller.call("next")).isEqualTo("next of none");
        }
    }

    /// A carrier that does not keep to the rules for `within`.
    ///
    /// @param breach how it breaks them
    private record Careless(String breach) implements ContextCarrier {

        @Override
        public Map<String, String> headers() {
            return Map.of("breach", breach);
        }

        @Override
        public <T extends @Nullable Object, X extends Throwable> T within(
                Map<String, String> headers, CallableOp<? extends T, X> handler) throws X {
            return switch (breach) {
                case "not run" -> ContextTest.<T>nothing();
                case "twice" -> {
                    T _ = handler.call();
                    yield handler.call();
                }
                default -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return handler.call();
                    } catch (Throwable failure) {
                        throw new IllegalStateException(failure.getMessage(), failure);
                    }
                }).join();
            };
        }
    }

    @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // what careless code returns
    private static <T extends @Nullable Object> T nothing() {
        return (T) null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"not run", "twice", "on another thread"})
    void carrierThatDoesNotRunTheHandlerOnceOnItsThreadFailsTheCall(String breach)
            throws Exception {
        Careless careless = new Careless(breach);
        try (Served served =
                Served.inline(Handler.within(careless, (question, exchange) -> question))) {
            assertThatThrownBy(() -> served.caller().withContext(careless).call("question"))
                    .isInstanceOf(CallFailed.class).hasMessageContaining(breach.equals("not run")
                            ? "a ContextCarrier has not run the handler"
                            : "a ContextCarrier has run a handler " + breach)
                    .hasMessageContaining("carrier=" + Careless.class.getName());
            assertThat(served.caller().call("next")).isEqualTo("next");
        }
    }

    @Test
    void carrierThatFailsFailsTheCallAndNoOther() throws Exception {
        try (Served served = Served.inline(Handler.within(new Failing(),
                (question, exchange) -> question))) {
            Caller<String, String> caller = served.caller().withContext(TENANTS);

            assertThatThrownBy(() -> Tenants.with("a", () -> caller.call("question")))
                    .isInstanceOf(CallFailed.class).hasMessageContaining("no context today");
            assertThat(caller.call("next")).isEqualTo("next");
        }
    }

    @Test
    void handlerThatTakesLongIsAskedForWhatItHasGatheredWithinACarrierToo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Handler<String, String> handler = new Handler<>() {
            @Override
            public String answer(String question, Exchange<String> exchange)
                    throws InterruptedException {
                asked.await();
                return question;
            }

            @Override
            public void whileItTakesLong(Exchange<String> exchange) {
                asked.countDown();
            }
        };
        try (Served served = Served.inline(Handler.within(TENANTS, handler))) {
            assertThat(served.caller().call("question", Children.PATIENCE)).isEqualTo("question");
        }
    }

    @SuppressWarnings("try") // closed twice
    @Test
    void questionWithHeadersThatCannotBeReadFailsAlone() throws Exception {
        TypeToken<Fragile> type = TypeToken.of(Fragile.class);
        Caller.Pair<Fragile, String> pair = Caller.create(type, STRING, Served.SMALL);
        try (Caller<Fragile, String> caller = pair.near();
                Responder<Fragile, String> responder = new Responder<>(pair.far())) {
            Caller<Fragile, String> carrying =
                    caller.withContext(ContextCarrier.of(Map.of("tenant", "a")));
            Waits<Void> serving = Waits.run(() -> responder.serve(
                    (question, exchange) -> question.text() + exchange.headers()));

            assertThatThrownBy(() -> carrying.call(Fragile.of(Fragile.Flaw.REFUSED)))
                    .isInstanceOf(CallFailed.class);
            assertThat(carrying.call(new Fragile("sound"))).isEqualTo("sound{tenant=a}");
            responder.close(); // its end, from another thread
            Void _ = serving.value();
        }
    }

    /// The other side is not the library's, or an attacker's.
    @SuppressWarnings("try") // closed twice
    @ParameterizedTest
    @ValueSource(strings = {"tenant", "tenant=a\nb\n", "tenant=a", "=\n", "tenant=\u0000\n",
        "long"})
    void foreignHeadersThatAreNoneFailTheirCallAndNoOther(String headers) throws Exception {
        Responder.Pair<String, String> pair = Responder.create(STRING, STRING);
        String sent = headers.equals("long") ? "tenant=" + "x".repeat(300) + "\n" : headers;
        try (Responder<String, String> responder = pair.near();
                Duplex<Request<String>, Reply<String>> near = pair.far()) {
            Waits<Void> serving = Waits.run(() -> responder.serve(HANDLER));
            near.send(new AskWithin<>(7, sent, "question"));
            near.send(new AskWithin<>(8, "tenant=b\n", "question"));

            assertThat(near.receive(Children.PATIENCE)).isInstanceOfSatisfying(Reply.Failed.class,
                    failed -> {
                        assertThat(failed.id()).isEqualTo(7);
                        assertThat(failed.failure().type()).endsWith("ProtocolViolation");
                    });
            assertThat(near.receive(Children.PATIENCE))
                    .isEqualTo(new Reply.Answer<>(8, "question of b"));
            responder.close(); // its end, from another thread
            Void _ = serving.value();
        }
    }
}
