package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Channel;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Duplex;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Fragile.Flaw;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A value that cannot be read where it arrives costs its own call, and no other.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreadableValuesTest {

    private static final Fragile SOUND = new Fragile("sound");

    @RegisterExtension
    final Children children = new Children();

    private final List<AutoCloseable> opened = new ArrayList<>();

    /// Way in which the two sides turn messages into bytes.
    enum Format {
        BINARY, JSON, MOVED
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    private Duplex.Pair<Request<Fragile>, Reply<Fragile>> ends(Format format) throws Exception {
        TypeToken<Request<Fragile>> requests = new TypeToken<>() {};
        TypeToken<Reply<Fragile>> replies = new TypeToken<>() {};
        boolean isJson = format == Format.JSON;
        Channel<Request<Fragile>> there =
                Channel.create(isJson ? Codec.json(requests) : Codec.of(requests));
        Channel<Reply<Fragile>> back =
                Channel.create(isJson ? Codec.json(replies) : Codec.of(replies));
        Duplex<Reply<Fragile>, Request<Fragile>> far =
                new Duplex<>(back.sender(), there.receiver());
        return new Duplex.Pair<>(new Duplex<>(there.sender(), back.receiver()),
                format == Format.MOVED ? moved(far) : far);
    }

    private record Parcel(Duplex<Reply<Fragile>, Request<Fragile>> ends) {}

    /// The same ends after a journey, with codecs that were made of their types.
    private static Duplex<Reply<Fragile>, Request<Fragile>> moved(
            Duplex<Reply<Fragile>, Request<Fragile>> ends) throws Exception {
        try (Channel<Parcel> channel = Channel.create(Parcel.class)) {
            channel.sender().send(new Parcel(ends));
            return channel.receiver().receive(Children.PATIENCE).ends();
        }
    }

    private Caller<Fragile, Fragile> served(Format format, Handler<Fragile, Fragile> handler)
            throws Exception {
        Duplex.Pair<Request<Fragile>, Reply<Fragile>> pair = ends(format);
        Responder<Fragile, Fragile> responder = new Responder<>(pair.far());
        Waits<Void> serving = Waits.run(() -> responder.serve(handler));
        Caller<Fragile, Fragile> caller = new Caller<>(pair.near());
        opened.add(() -> {
            caller.close();
            assertThat(serving.value()).isNull();
            responder.close();
        });
        return caller;
    }

    private static void assertRefused(Flaw flaw, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CallFailed.class, failure -> {
            assertThat(failure.remoteType()).isEqualTo(flaw == Flaw.TOO_LARGE
                    ? ResourceExhausted.class.getName() : CodecFailed.class.getName());
            if (flaw == Flaw.REFUSED) {
                assertThat(failure.remoteMessage()).contains("n must be 10 or more: n=3");
            }
        });
    }

    private static void assertUnreadable(Flaw flaw, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(
                flaw == Flaw.TOO_LARGE ? ResourceExhausted.class : CodecFailed.class);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void questionFailsAndItsResponderGoesOn(Format format) throws Exception {
        Caller<Fragile, Fragile> caller = served(format, (question, _) -> question);
        for (Flaw flaw : Flaw.values()) {
            assertRefused(flaw, () -> caller.call(Fragile.of(flaw)));
            assertThat(caller.call(SOUND, Children.PATIENCE)).isEqualTo(SOUND);
        }
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void questionFailsWhereHandlersRunOnAnExecutor(Flaw flaw) throws Exception {
        Duplex.Pair<Request<Fragile>, Reply<Fragile>> pair = ends(Format.BINARY);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Responder<Fragile, Fragile> responder = new Responder<>(pair.far());
                Caller<Fragile, Fragile> caller = new Caller<>(pair.near())) {
            CountDownLatch goesOn = new CountDownLatch(1);
            Waits<Void> serving = Waits.run(() -> responder.serve((question, _) -> {
                goesOn.await();
                return question;
            }, executor));
            CompletableFuture<Fragile> open = caller.send(SOUND);
            assertRefused(flaw, () -> caller.call(Fragile.of(flaw)));
            goesOn.countDown();
            assertThat(open.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(SOUND);
            assertThat(serving.result()).as("it serves on").isNotDone();
        }
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void questionFailsWhereQuestionsAreGivenOut(Flaw flaw) throws Exception {
        Duplex.Pair<Request<Fragile>, Reply<Fragile>> pair = ends(Format.BINARY);
        try (Responder<Fragile, Fragile> responder = new Responder<>(pair.far());
                Caller<Fragile, Fragile> caller = new Caller<>(pair.near())) {
            CompletableFuture<Fragile> first = caller.send(SOUND);
            Question<Fragile, Fragile> question = receive(responder);
            CompletableFuture<Fragile> lost = caller.send(Fragile.of(flaw));
            CompletableFuture<Fragile> last = caller.send(SOUND);
            assertThat(question.isCancelled()).as("takes in what has come").isFalse();
            receive(responder).send(SOUND);
            question.send(SOUND);

            assertThat(first.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            assertThat(last.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            assertRefused(flaw, () -> throwCause(lost));
        }
    }

    private static Question<Fragile, Fragile> receive(Responder<Fragile, Fragile> responder)
            throws InterruptedException {
        Question<Fragile, Fragile> question = responder.receive(Children.PATIENCE);
        assertThat(question).isNotNull();
        return Objects.requireNonNull(question);
    }

    private static void throwCause(CompletableFuture<?> future) throws Throwable {
        try {
            var _ = future.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw Objects.requireNonNull(failure.getCause());
        }
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void questionThatComesWhileAHandlerLooksFailsInItsTurn(Flaw flaw) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Caller<Fragile, Fragile> caller = served(Format.BINARY, (question, exchange) -> {
            asked.await();
            assertThat(exchange.isCancelled()).isFalse();
            return question;
        });
        CompletableFuture<Fragile> first = caller.send(SOUND);
        CompletableFuture<Fragile> lost = caller.send(Fragile.of(flaw));
        CompletableFuture<Fragile> last = caller.send(SOUND);
        asked.countDown();
        assertThat(first.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(SOUND);
        assertThat(last.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(SOUND);
        assertRefused(flaw, () -> throwCause(lost));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void answerFailsItsCallAndTheOthersGoOn(Format format) throws Exception {
        CompletableFuture<Void> goesOn = new CompletableFuture<>();
        Caller<Fragile, Fragile> caller = served(format, (question, _) -> {
            if (question.equals(SOUND)) {
                return question;
            }
            goesOn.join();
            return Fragile.of(Flaw.valueOf(question.text().substring("to be ".length())));
        });
        for (Flaw flaw : Flaw.values()) {
            CompletableFuture<Fragile> lost =
                    caller.send(new Fragile("to be " + flaw.name()));
            CompletableFuture<Fragile> open = caller.send(SOUND);
            goesOn.complete(null);
            assertUnreadable(flaw, () -> throwCause(lost));
            assertThat(open.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(SOUND);
            assertUnreadable(flaw, () -> caller.call(new Fragile("to be " + flaw.name())));
            assertThat(caller.call(SOUND, Children.PATIENCE)).isEqualTo(SOUND);
        }
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void partFailsItsCallAndCancelsItAtTheOtherSide(Flaw flaw) throws Exception {
        CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
        Caller<Fragile, Fragile> caller = served(Format.BINARY, (question, exchange) -> {
            if (question.equals(SOUND)) {
                return question;
            }
            exchange.part(SOUND);
            exchange.part(Fragile.of(flaw));
            try {
                while (true) {
                    exchange.part(SOUND);
                }
            } catch (CancellationException cancel) {
                cancelled.complete(cancel);
                throw cancel;
            }
        });
        Parts<Fragile> parts = caller.stream(new Fragile("in parts"));
        assertThat(parts.next(Children.PATIENCE)).isEqualTo(SOUND);
        assertUnreadable(flaw, () -> parts.next(Children.PATIENCE));
        assertThat(cancelled.get(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        assertThat(caller.call(SOUND, Children.PATIENCE)).isEqualTo(SOUND);
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void partIsNoticedAtOnceAndTheEndWhenTheOtherSideHasEnded(Flaw flaw) throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        Caller<Fragile, Fragile> caller = served(Format.BINARY, (_, exchange) -> {
            exchange.part(Fragile.of(flaw));
            exchange.part(SOUND);
            await(goesOn);
            return SOUND;
        });
        var observer = new CallObserver<Fragile>() {

            private final CompletableFuture<RuntimeException> first = new CompletableFuture<>();
            private final CompletableFuture<RuntimeException> last = new CompletableFuture<>();

            @Override
            public void onPart(Fragile part) {
                last.completeExceptionally(new AssertionError(part));
            }

            @Override
            public void onUnreadablePart(RuntimeException failure) {
                first.complete(failure);
            }

            @Override
            public void onEnd(@Nullable Fragile value) {
                last.completeExceptionally(new AssertionError("an end: " + value));
            }

            @Override
            public void onFailure(RuntimeException failure) {
                last.complete(failure);
            }
        };
        ObservedCall<Fragile> call = caller.observe(SOUND, observer);
        call.await();
        RuntimeException failure = observer.first.get(60, TimeUnit.SECONDS);
        assertThat(failure).isInstanceOf(IpcException.class);
        assertThat(call.isOver()).isFalse();
        goesOn.countDown();
        assertThat(observer.last.get(60, TimeUnit.SECONDS)).isSameAs(failure);
    }

    /// Waits, whatever interrupts.
    private static void await(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException _) { // a cancel, which this handler does not heed
            }
        }
    }
}
