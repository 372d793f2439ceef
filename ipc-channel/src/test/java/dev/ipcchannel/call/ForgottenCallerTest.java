package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Callers that were not closed and cannot be reached any more: their ends are closed, their thread
/// ends, and [Children] finds no descriptor of theirs afterwards. Each caller is made and used in a
/// method of its own, so that no frame keeps it.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenCallerTest {

    private static final String THREAD = "ipc-channel calls";
    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    private final AtomicReference<@Nullable Duplex<Request<String>, Reply<String>>> near =
            new AtomicReference<>(); // until a caller has them: the test must not keep them

    @Test
    void callerWhoseFuturesAreDoneIsClosed() throws Exception {
        Duplex<Reply<String>, Request<String>> far = far();
        CompletableFuture<String> kept = answered(far);

        assertClosed(far);
        assertThat(kept).isCompletedWithValue("an answer");
    }

    @Test
    void callerWhoseLastFutureWasCancelledIsClosed() throws Exception {
        Duplex<Reply<String>, Request<String>> far = far();
        cancelled(far);

        assertClosed(far);
    }

    @Test
    void callerWithANoticeThatFoundNoRoomIsClosed() throws Exception {
        Duplex<Reply<String>, Request<String>> far = far();
        cancelledWithoutRoom();

        assertClosed(far);
    }

    @Test
    void futureOfAForgottenCallerIsStillCompleted() throws Exception {
        Duplex<Reply<String>, Request<String>> far = far();
        CompletableFuture<String> after = asked();
        long id = next(far).id();
        System.gc();

        far.send(new Reply.Answer<>(id, "an answer"));

        assertThat(after.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("then an answer");
        assertClosed(far);
    }

    @Test
    void futureAfterAPauseIsCompletedByANewThread() throws Exception {
        Duplex<Reply<String>, Request<String>> far = far();
        try (Caller<String, String> caller = caller()) {
            for (int i = 0; i < 2; i++) {
                CompletableFuture<String> then = caller.send("a question")
                        .thenApply(_ -> Thread.currentThread().getName());
                far.send(new Reply.Answer<>(next(far).id(), "an answer"));
                assertThat(then.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(THREAD);
                await("the thread ends").atMost(Children.PATIENCE)
                        .until(() -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(one -> one.getName().equals(THREAD)));
            }
        }
        far.close();
    }

    private Duplex<Reply<String>, Request<String>> far() {
        Duplex.Pair<Request<String>, Reply<String>> pair =
                CallEnds.create(STRING, STRING, Served.SMALL);
        near.set(pair.near());
        return pair.far();
    }

    private Caller<String, String> caller() {
        return new Caller<>(Objects.requireNonNull(near.getAndSet(null)));
    }

    private CompletableFuture<String> answered(Duplex<Reply<String>, Request<String>> far)
            throws Exception {
        CompletableFuture<String> future = caller().send("a question");
        far.send(new Reply.Answer<>(next(far).id(), "an answer"));
        assertThat(future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("an answer");
        return future;
    }

    private void cancelled(Duplex<Reply<String>, Request<String>> far) throws Exception {
        CompletableFuture<String> future = caller().send("a question");
        next(far);
        await("the thread receives").atMost(Children.PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(one -> one.getName().equals(THREAD)
                                && one.getState() == Thread.State.RUNNABLE));
        future.cancel(true);
    }

    private void cancelledWithoutRoom() throws Exception {
        Caller<String, String> caller = caller();
        CompletableFuture<String> future = caller.send("a question");
        while (caller.tryObserve("one more", new RecordingObserver()) != null) {
            // there is room
        }
        future.cancel(true);
    }

    private CompletableFuture<String> asked() throws Exception {
        return caller().send("a question").thenApply(answer -> "then " + answer);
    }

    private static Request.Ask<String> next(Duplex<Reply<String>, Request<String>> far)
            throws InterruptedException {
        return (Request.Ask<String>) far.receive(Children.PATIENCE);
    }

    private static void assertClosed(Duplex<Reply<String>, Request<String>> far) {
        await("the caller is found").atMost(Children.PATIENCE).until(() -> {
            System.gc();
            return !far.sender().isConnected();
        });
        far.close();
    }
}
