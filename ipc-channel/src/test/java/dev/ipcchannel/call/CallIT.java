package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.CallsChild;
import dev.ipcchannel.testing.children.CallsChild.Calls;
import dev.ipcchannel.testing.children.CallsChild.Question;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that a child JVM answers.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallIT {

    @RegisterExtension
    final Children children = new Children();

    /// A child that answers.
    private record Answering(ChildJvm child, Caller<Question, String> caller) {}

    private Answering start(String... arguments) throws IOException, InterruptedException {
        try (OneShotServer<Calls> server = OneShotServer.open(Calls.class)) {
            List<String> all = new ArrayList<>(List.of(server.name()));
            all.addAll(List.of(arguments));
            ChildJvm child = children.start(CallsChild.class, all.toArray(String[]::new));
            Calls calls = server.accept(child.process(), Children.PATIENCE);
            return new Answering(child, new Caller<>(calls.calls()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "concurrent"})
    void childAnswersUntilItsCallerCloses(String way) throws Exception {
        Answering answering = way.isEmpty() ? start() : start(way);
        try (Caller<Question, String> caller = answering.caller()) {
            assertThat(caller.call(new CallsChild.Echo("hello"))).isEqualTo("hello");
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                futures.add(caller.send(new CallsChild.Echo("number " + i)));
            }
            for (int i = 0; i < 2000; i++) {
                assertThat(get(futures.get(i))).isEqualTo("number " + i);
            }
            try (Parts<String> parts = caller.stream(new CallsChild.Count(1000))) {
                for (int i = 0; i < 1000; i++) {
                    assertThat(parts.next(Children.PATIENCE)).isEqualTo(String.valueOf(i));
                }
                assertThat(parts.next(Children.PATIENCE)).isNull();
            }
            assertThatThrownBy(() -> caller.call(new CallsChild.Fail()))
                    .isInstanceOf(CallFailed.class).hasMessage("process (pid=%d) failed to answer: "
                            .formatted(answering.child().process().pid())
                            + CallsChild.class.getName() + "$Unheard: it is so");
        }
        answering.child().awaitExit(0);
        assertThat(answering.child().output()).contains("the end");
    }

    @Test
    void deadlineCancelsTheHandlerInTheChild() throws Exception {
        Answering answering = start("concurrent");
        try (Caller<Question, String> caller = answering.caller()) {
            assertThatThrownBy(() -> caller.call(new CallsChild.Wait(), Duration.ofMillis(10)))
                    .isInstanceOf(TimedOut.class);
            assertThat(caller.call(new CallsChild.Echo("next"))).isEqualTo("next");
        }
        answering.child().awaitExit(0); // which waits for all its handlers
    }

    @Test
    void deathOfTheChildFailsEveryOpenCall() throws Exception {
        Answering answering = start();
        try (Caller<Question, String> caller = answering.caller()) {
            assertThat(caller.call(new CallsChild.Echo("hello"))).isEqualTo("hello");
            Waits<String> leader = Waits.in(() -> caller.call(new CallsChild.Wait())).asleep();
            Waits<String> follower = Waits.in(() -> caller.call(new CallsChild.Wait())).asleep();
            CompletableFuture<String> future = caller.send(new CallsChild.Wait());
            Parts<String> parts = caller.stream(new CallsChild.Wait());
            Waits<String> taker = Waits.in(parts::next).asleep();

            answering.child().kill();

            leader.failure().isInstanceOf(Disconnected.class);
            follower.failure().isInstanceOf(Disconnected.class);
            taker.failure().isInstanceOf(Disconnected.class);
            assertThatThrownBy(() -> get(future)).hasCauseInstanceOf(Disconnected.class);
            assertThatThrownBy(() -> caller.call(new CallsChild.Wait()))
                    .isInstanceOf(Disconnected.class);
            assertThat(caller).asString().contains("open=0");
        }
    }

    @Test
    void deathOfTheChildFailsAFutureForWhichNoThreadWaits() throws Exception {
        Answering answering = start();
        try (Caller<Question, String> caller = answering.caller()) {
            CompletableFuture<String> future = caller.send(new CallsChild.Wait());

            answering.child().kill();

            assertThatThrownBy(() -> get(future)).hasCauseInstanceOf(Disconnected.class);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Children.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
