package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.testing.BlockingVerb;
import dev.ipcchannel.testing.BlockingVerb.End;
import dev.ipcchannel.testing.BlockingVerb.Scene;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ClassFiles;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.IdleChild;
import dev.ipcchannel.testing.children.Talk;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    @RegisterExtension
    final Children children = new Children();

    @Test
    void everyMethodThatWaitsIsCovered() throws Exception {
        List<String> waiting = Stream
                .concat(publicClasses().stream(), Stream.of(ChildOutput.class)) // in another room
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                // a Link's: see Duplex
                .filter(method -> !Modifier.isAbstract(method.getModifiers()))
                .filter(method -> List.of(method.getExceptionTypes())
                        .contains(InterruptedException.class))
                .map(BlockingVerbsIT::signature).toList();

        assertThat(VERBS).extracting(BlockingVerb::method)
                .containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void everyMethodThatWaitsHasAFormWithATimeout() {
        List<String> timed = VERBS.stream().filter(BlockingVerb::isTimed)
                .map(BlockingVerb::method).toList();
        List<String> forms = VERBS.stream().filter(verb -> !verb.isTimed())
                .map(verb -> verb.method().replace("()", "(Duration)")
                        .replaceFirst("([^(])\\)$", "$1, Duration)").replace("(Duration, Duration)",
                                "(Duration)"))
                .toList();

        assertThat(timed).containsAll(forms);
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
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class);
                OneShotServer<Talk> bare = OneShotServer.open(Talk.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            ChildJvm child = children.command().piped().start(IdleChild.class, server.name(),
                    "4096", WaitStrategy.HYBRID.name());
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("ready");
            Scene scene = new Scene(talk.toChild(), talk.fromChild(), set, bare,
                    child.captured());

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
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    private static void assertEndsOnTimeout(BlockingVerb verb, Scene scene) throws Exception {
        if (verb.end() == End.SET) { // an empty result is valid
            for (Duration timeout : List.of(SHORT, Duration.ZERO, LONG_AGO)) {
                assertThat(verb.call().on(scene, timeout)).isEqualTo(List.of());
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
                OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            Scene scene = new Scene(out.sender(), in.receiver(), set, server, output);
            Waits<?> call =
                    Waits.in(isVirtual, () -> verb.call().on(scene, Children.PATIENCE)).asleep();

            scene.close(verb.end());

            if (verb.end() == End.OUTPUT) {
                assertThat(call.value()).isIn(null, KILLED);
            } else {
                call.failure().isInstanceOf(EndClosed.class);
                assertThatThrownBy(() -> verb.call().on(scene, SHORT)).as("later calls")
                        .isInstanceOf(EndClosed.class);
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
            case SENDER, RECEIVER, DUPLEX -> call.failure().isInstanceOf(Disconnected.class);
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

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(", ",
                        method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(",
                        ")"));
    }

    /// The public classes of the front and of the room of sets, which wait on receivers.
    private static List<Class<?>> publicClasses() throws IOException {
        List<Class<?>> classes = new ArrayList<>(publicClasses(Channel.class));
        classes.addAll(publicClasses(ReceiverSet.class));
        classes.remove(EndAccess.class); // not for users
        return classes;
    }

    /// The public classes of the package of a class.
    private static List<Class<?>> publicClasses(Class<?> neighbour) throws IOException {
        String room = neighbour.getPackageName();
        Path folder = ClassFiles.rootOf(neighbour).resolve(room.replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("package-"))
                    .<Class<?>>map(name -> load(room + "." + name.substring(0, name.length() - 6)))
                    .filter(type -> Modifier.isPublic(type.getModifiers()))
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
