package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Link;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An answer that breaks off is never taken for one that is complete.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("ReferenceEquality") // the token is meant by identity
class TruncatedAnswersTest {

    private static final int CLOSES = 300;

    @RegisterExtension
    final Children children = new Children();

    /// Runs instead of a link's method of that name; [#NOT_HERE] leaves it to the link.
    private interface Instead {

        Object NOT_HERE = new Object();

        @Nullable
        Object of(String method) throws Exception;
    }

    @SuppressWarnings("unchecked") // the proxy is of that very interface
    private static <O, I> Link<O, I> altered(Link<O, I> ends, Instead instead) {
        return (Link<O, I>) Proxy.newProxyInstance(Link.class.getClassLoader(),
                new Class<?>[]{Link.class}, (_, method, arguments) -> {
                    if (method.getName().equals("ownedBy")) {
                        return altered(ends.ownedBy((String) arguments[0]), instead);
                    }
                    Object given = instead.of(method.getName());
                    if (given != Instead.NOT_HERE) {
                        return given;
                    }
                    try {
                        return method.invoke(ends, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static Duplex.Pair<Request<String>, Reply<String>> pair() {
        TypeToken<String> text = TypeToken.of(String.class);
        return CallEnds.create(text, text, ChannelOptions.defaults());
    }

    private static @Nullable String endless(Exchange<String> exchange)
            throws InterruptedException {
        while (true) {
            exchange.part("part");
        }
    }

    /// Takes parts until there are no more.
    ///
    /// @return how many there were
    private static int takeAll(Parts<String> parts) throws InterruptedException {
        int taken = 0;
        while (parts.next() != null) {
            taken++;
        }
        return taken;
    }

    @Test
    void callerThatIsClosedTakesNothingTheCloseBringsAboutForAnEnd() throws Exception {
        Duplex.Pair<Request<String>, Reply<String>> ends = pair();
        CountDownLatch isLookedAt = new CountDownLatch(1);
        Responder<String, String> responder = new Responder<>(ends.far());
        Waits<Void> serving = Waits.run(() -> responder.serve((_, exchange) -> endless(exchange)));
        // Closed as a socket is that loses its way out first, and its way in much later.
        Link<Request<String>, Reply<String>> near = altered(ends.near(), method -> {
            if (!method.equals("close")) {
                return Instead.NOT_HERE;
            }
            ends.near().sender().close();
            assertThat(isLookedAt.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            ends.near().receiver().close();
            return null;
        });
        Caller<String, String> caller = new Caller<>(near);
        Parts<String> parts = caller.stream("go");
        assertThat(parts.next()).isEqualTo("part");
        Waits<Integer> taking = Waits.in(() -> {
            try {
                return takeAll(parts);
            } finally {
                isLookedAt.countDown();
            }
        });

        caller.close();

        taking.failure().isInstanceOf(EndClosed.class);
        serving.value();
        responder.close();
    }

    @Test
    void linkThatIsClosedUnderItsCallerEndsNoAnswer() throws Exception {
        for (int i = 0; i < CLOSES; i++) {
            Duplex.Pair<Request<String>, Reply<String>> ends = pair();
            try (Responder<String, String> responder = new Responder<>(ends.far());
                    Caller<String, String> caller = new Caller<>(ends.near());
                    ExecutorService threads = Executors.newFixedThreadPool(2)) {
                threads.execute(() -> {
                    try {
                        responder.serve((_, exchange) -> endless(exchange));
                    } catch (InterruptedException interrupt) {
                        throw new AssertionError(interrupt);
                    }
                });
                Parts<String> parts = caller.stream("go");
                assertThat(parts.next()).isEqualTo("part");
                Waits<Integer> taking = Waits.in(() -> takeAll(parts));
                threads.execute(() -> ends.near().close());

                taking.failure().as("round " + i)
                        .isInstanceOf(EndClosed.class);
            }
        }
    }

    @Test
    void callsOfAResponderThatIsInterruptedFail() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        AtomicReference<@Nullable Thread> receiving = new AtomicReference<>();
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Waits<Void> serving = Waits.run(() -> {
                receiving.set(Thread.currentThread());
                responder.serve((_, exchange) -> endless(exchange), threads);
            });
            try (Parts<String> parts = caller.stream("go")) {
                assertThat(parts.next()).isEqualTo("part");
                Thread thread = receiving.get();
                assertThat(thread).isNotNull();

                thread.interrupt();

                assertThatThrownBy(() -> takeAll(parts)).isInstanceOf(CallFailed.class)
                        .hasMessageContaining("answers no more");
            }
            serving.failure()
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void callOfAHandlerThatLearnsOfABreachFails() throws Exception {
        Duplex.Pair<Request<String>, Reply<String>> ends = pair();
        AtomicBoolean isBroken = new AtomicBoolean();
        Link<Reply<String>, Request<String>> far = altered(ends.far(), method -> {
            if (isBroken.get() && method.endsWith("eceive")) {
                throw new ResourceExhausted("no memory for a question");
            }
            return Instead.NOT_HERE;
        });
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (Caller<String, String> caller = new Caller<>(ends.near());
                Responder<String, String> responder = new Responder<>(far)) {
            Waits<Void> serving = Waits.run(() -> responder.serve((_, exchange) -> {
                exchange.part("part");
                isBroken.set(true);
                boolean isCancelled = exchange.isCancelled();
                try {
                    exchange.part("another");
                } catch (CancellationException over) {
                    seen.complete(isCancelled + ": " + over.getMessage());
                }
                return null; // as after a cancel, for which that would do
            }));
            List<String> taken = new ArrayList<>();
            try (Parts<String> parts = caller.stream("go")) {
                assertThatThrownBy(() -> {
                    for (String part = parts.next(); part != null; part = parts.next()) {
                        taken.add(part);
                    }
                }).isInstanceOf(CallFailed.class).hasMessageContaining("answers no more");
            }
            assertThat(taken).containsExactly("part");
            assertThat(seen.get()).startsWith("true: ").contains("no memory for a question");
            serving.failure().isInstanceOf(ResourceExhausted.class);
        }
    }

    @Test
    void questionsOfAResponderThatIsClosedFailWithItsEnd() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
        Responder<String, String> responder = new Responder<>(pair.far());
        try (Caller<String, String> caller = pair.near();
                Parts<String> parts = caller.stream("go")) {
            Question<String, String> question = responder.receive();
            assertThat(question).isNotNull();
            question.part("part");
            responder.close();
            question.end();

            assertThat(parts.next()).isEqualTo("part");
            assertThatThrownBy(parts::next).isInstanceOf(Disconnected.class);
        }
    }
}
