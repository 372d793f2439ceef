package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.call.Reply.Answer;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Futures of calls, and the threads that receive their answers when none waits, or a wait ends.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FutureCallTest {

    @RegisterExtension
    final Children children = new Children();

    private final Caller.Pair<String, String> pair = Caller.create(String.class, String.class);
    private final Caller<String, String> caller = pair.near();
    private final Duplex<Reply<String>, Request<String>> far = pair.far();

    @AfterEach
    void close() {
        caller.close();
        far.close();
    }

    @Test
    void firstFutureIsCompletedThoughItWasAskedForWhileACallReceived() throws Exception {
        Waits<String> call = Waits.in(() -> caller.call("call")).asleep();
        Ask<String> called = nextAsk();
        CompletableFuture<String> future = caller.send("future");
        Ask<String> submitted = nextAsk();
        far.send(new Answer<>(called.id(), "first"));
        assertThat(call.value()).isEqualTo("first");

        far.send(new Answer<>(submitted.id(), "second"));

        await().atMost(Children.PATIENCE).until(future::isDone);
        assertThat(future.join()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitForAFutureEndsWhenItIsCompletedInAnotherWay(boolean isVirtual) throws Exception {
        CompletableFuture<String> cancelled = caller.send("cancelled");
        Waits<String> join = Waits.in(isVirtual, () -> endOf(cancelled)).asleep();
        cancelled.cancel(false);
        assertThat(join.value()).isEqualTo("cancelled");

        CompletableFuture<String> replaced = caller.send("replaced");
        Waits<Boolean> get = Waits.in(isVirtual,
                () -> replaced.get().equals("instead") && !Thread.interrupted()).asleep();
        replaced.complete("instead");
        assertThat(get.value()).isTrue();

        CompletableFuture<String> late = caller.send("late").orTimeout(10, TimeUnit.MILLISECONDS);
        Waits.in(isVirtual, late::join).failure().isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    private static String endOf(CompletableFuture<String> future) {
        try {
            return future.join();
        } catch (CancellationException _) {
            return "cancelled";
        }
    }

    private Ask<String> nextAsk() throws InterruptedException {
        return (Ask<String>) far.receive(Children.PATIENCE);
    }
}
