package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.call.Caller;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.BlockingVerb;
import dev.ipcchannel.testing.BlockingVerb.Scene;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.PublicApi;
import dev.ipcchannel.testing.StalledCalls;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.AloofChild;
import dev.ipcchannel.testing.children.Talk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The ends of every public method that waits: a timeout, an interrupt, a close and the peer's
/// death.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockingVerbsIT {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);
    private static final int KILLED = 137;
    private static final List<BlockingVerb> VERBS = BlockingVerb.ALL;

    /// Those of which every method is meant: channels, sets and calls.
    private static final List<String> PACKAGES =
            Stream.of(Channel.class, ReceiverSet.class, Caller.class)
                    .map(Class::getPackageName).toList();

    @RegisterExtension
    final Children children = new Children();

    @Test
    void everyMethodThatWaitsIsCovered() {
        List<String> waiting = PublicApi.types().stream()
                .filter(type -> PACKAGES.contains(type.getPackageName())
                        || type == ChildOutput.class)
                .flatMap(type -> PublicApi.methods(type).stream())
                .filter(method -> List.of(method.getExceptionTypes())
                        .contains(InterruptedException.class))
                .map(PublicApi::describe).toList();

        assertThat(Stream.concat(methods(VERBS.stream()), BlockingVerb.NOT_HERE.keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void everyMethodThatWaitsHasAFormWithATimeoutOrAReasonForNone() {
        List<String> timed = methods(VERBS.stream().filter(BlockingVerb::isTimed)).toList();
        List<String> untimed = methods(VERBS.stream().filter(verb -> !verb.isTimed()))
                .filter(method -> !timed.contains(withTimeout(method))).toList();

        assertThat(untimed)
                .containsExactlyInAnyOrderElementsOf(BlockingVerb.WITHOUT_TIMEOUT.keySet());
    }

    private static String withTimeout(String method) {
        return method.replaceFirst("\\)$", ", Duration)").replace("(, ", "(");
    }

    private static Stream<String> methods(Stream<BlockingVerb> verbs) {
        return verbs.map(BlockingVerb::method);
    }

    /// Rounds of methods that wait on different objects, so that one child's death ends them all.
    /// Each round has the next method of each object.
    private static List<List<BlockingVerb>> rounds() {
        Map<String, List<BlockingVerb>> byObject = VERBS.stream()
                .collect(Collectors.groupingBy(BlockingVerbsIT::object));
        int rounds = byObject.values().stream().mapToInt(List::size).max().orElseThrow();
        return IntStream.range(0, rounds).mapToObj(round -> byObject.values().stream()
                .filter(those -> round < those.size()).map(those -> those.get(round)).toList())
                .toList();
    }

    /// Each round, on platform and on virtual threads.
    static Stream<Arguments> roundsOnThreads() {
        return rounds().stream().flatMap(verbs -> Stream.of(false, true)
                .map(isVirtual -> Arguments.of(verbs, isVirtual)));
    }

    /// The object that a method waits on. A set has the receiver in it, and a pair is one of its
    /// ends.
    private static String object(BlockingVerb verb) {
        return switch (verb.end()) {
            case SENDER -> "sender";
            case DUPLEX -> verb.method().contains("send(") ? "sender" : "receiver";
            case RECEIVER, SET -> "receiver";
            case SERVER -> "server";
            case OUTPUT -> "output";
            case CALLER -> "caller";
            case FULL_CALLER -> "full caller";
            case RESPONDER -> "responder";
            case QUESTION, PARTS_OF_AN_ANSWER -> "question";
        };
    }

    @Test
    void everyMethodThatWaitsHasItsRound() {
        assertThat(rounds().stream().flatMap(List::stream).toList())
                .containsExactlyInAnyOrderElementsOf(VERBS);
    }

    /// Each method, on a platform and on a virtual thread.
    static Stream<Arguments> verbsOnThreads() {
        return VERBS.stream().flatMap(verb -> Stream.of(false, true)
                .map(isVirtual -> Arguments.of(verb, isVirtual)));
    }

    @ParameterizedTest(name = "{0}, virtual thread: {1}")
    @MethodSource("roundsOnThreads")
    void waitEndsOnATimeoutAndOnAnInterruptAndThenOnThePeersDeath(List<BlockingVerb> verbs,
            boolean isVirtual) throws Exception {
        try (OneShotServer<AloofChild.Ends> server = OneShotServer.open(AloofChild.Ends.class);
                OneShotServer<Talk> bare = OneShotServer.open(Talk.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            ChildJvm child = children.command().piped().start(AloofChild.class, server.name());
            AloofChild.Ends ends = server.accept(child.process(), Children.PATIENCE);
            Duplex<String, String> talk = ends.talk();
            StalledCalls calls = StalledCalls.of(ends.calls());
            Scene scene = new Scene(talk.sender(), talk.receiver(), set, bare,
                    child.captured(), calls);

            for (BlockingVerb verb : verbs) {
                if (verb.isTimed()) {
                    assertEndsOnTimeout(verb, scene);
                }
                assertEndsOnInterrupt(verb, scene, isVirtual);
            }
            List<Waits<?>> last = new ArrayList<>();
            for (BlockingVerb verb : verbs) {
                last.add(Waits.in(isVirtual, () -> verb.call().on(scene, Children.PATIENCE))
                        .asleep());
            }

            child.kill();

            for (int i = 0; i < verbs.size(); i++) {
                assertEndsOnDeath(verbs.get(i), last.get(i), bare);
            }
            talk.close();
            calls.close();
        }
    }

    private static void assertEndsOnTimeout(BlockingVerb verb, Scene scene) throws Exception {
        Object nothing = switch (verb.method()) { // that is a result
            case "ReceiverSet.select(Duration)" -> List.of();
            case "ObservedCall.await(Duration)" -> false;
            default -> null;
        };
        if (nothing != null) {
            for (Duration timeout : List.of(SHORT, Duration.ZERO, LONG_AGO)) {
                assertThat(verb.call().on(scene, timeout)).isEqualTo(nothing);
            }
            return;
        }
        assertThatThrownBy(() -> verb.call().on(scene, SHORT))
                .isInstanceOf(TimedOut.class).hasMessageContaining("timeout=10 ms");
        for (Duration past : List.of(Duration.ZERO, LONG_AGO)) {
            assertThatThrownBy(() -> verb.call().on(scene, past)).isInstanceOf(TimedOut.class);
        }
    }

    @ParameterizedTest(name = "{0}, virtual thread: {1}")
    @MethodSource("verbsOnThreads")
    void waitEndsOnACloseByAnotherThread(BlockingVerb verb, boolean isVirtual) throws Exception {
        Process cat = new ProcessBuilder("cat").start();
        ChildOutput output = ChildOutput.capture(cat);
        try (Channel<String> out = Channel.create(String.class);
                Channel<String> in = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open();
                OneShotServer<Talk> server = OneShotServer.open(Talk.class);
                StalledCalls.Pair pair = StalledCalls.create();
                StalledCalls calls = StalledCalls.of(pair.ends())) {
            Scene scene = new Scene(out.sender(), in.receiver(), set, server, output, calls);
            Waits<?> call =
                    Waits.in(isVirtual, () -> verb.call().on(scene, Children.PATIENCE)).asleep();

            scene.close(verb.end());

            switch (verb.end()) {
                case OUTPUT -> assertThat(call.value()).isIn(null, KILLED);
                case QUESTION -> assertThat(call.value()).isNull();
                case RESPONDER -> {
                    assertThat(call.value()).isNull();
                    assertThat(verb.call().on(scene, SHORT)).as("later calls").isNull();
                }
                case PARTS_OF_AN_ANSWER -> {
                    call.failure().isInstanceOfAny(CancellationException.class, EndClosed.class);
                    assertThatThrownBy(() -> verb.call().on(scene, SHORT)).as("later calls")
                            .isInstanceOf(CancellationException.class);
                }
                default -> {
                    call.failure().isInstanceOf(EndClosed.class);
                    assertThatThrownBy(() -> verb.call().on(scene, SHORT)).as("later calls")
                            .isInstanceOf(EndClosed.class);
                }
            }
        } finally {
            output.close();
            assertThat(output.awaitExit(Children.PATIENCE)).isEqualTo(KILLED);
            cat.getOutputStream().close();
        }
    }

    private static void assertEndsOnInterrupt(BlockingVerb verb, Scene scene, boolean isVirtual)
            throws InterruptedException {
        Waits<?> interrupted = Waits.in(isVirtual, () -> {
            Thread.currentThread().interrupt();
            return verb.call().on(scene, Children.PATIENCE);
        });
        interrupted.failure().as("interrupted before").isInstanceOf(InterruptedException.class);

        Waits<?> call = Waits.in(isVirtual, () -> {
            try {
                return verb.call().on(scene, Children.PATIENCE);
            } finally {
                assertThat(Thread.currentThread().isInterrupted()).as("flag").isFalse();
            }
        }).asleep();
        call.thread().interrupt();
        call.failure().as("interrupted meanwhile").isInstanceOf(InterruptedException.class);
    }

    private static void assertEndsOnDeath(BlockingVerb verb, Waits<?> call,
            OneShotServer<?> server) throws InterruptedException {
        switch (verb.end()) {
            case SENDER, RECEIVER, DUPLEX, CALLER, FULL_CALLER ->
                    call.failure().isInstanceOf(Disconnected.class);
            case RESPONDER, QUESTION -> assertThat(call.value()).isNull();
            case PARTS_OF_AN_ANSWER -> call.failure()
                    .isInstanceOfAny(CancellationException.class, Disconnected.class);
            case SERVER -> {
                if (verb.method().equals("OneShotServer.accept(Duration)")) {
                    assertThat(call.result()).as("any process would do").isNotDone();
                    server.close();
                    call.failure().isInstanceOf(EndClosed.class);
                } else {
                    call.failure().isInstanceOf(ChildFailed.class);
                }
            }
            case SET -> assertThat(call.value()).asInstanceOf(InstanceOfAssertFactories.LIST)
                    .singleElement().isInstanceOf(ReceiverEvent.Closed.class);
            case OUTPUT -> assertThat(call.value()).isIn(null, KILLED);
        }
    }
}
