package dev.ipcchannel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.WaitStrategy;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.ChildLink;
import dev.ipcchannel.child.Output;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ConversingChild;
import dev.ipcchannel.testing.children.KinChild;
import dev.ipcchannel.testing.children.OptionsChild;
import dev.ipcchannel.worker.WorkerSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The rings between a parent and its child, which have the parent's options on both sides.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransportOptionsIT {

    private static final ChannelOptions SMALL = ChannelOptions.defaults().withCapacity(4096)
            .withWaitStrategy(WaitStrategy.BLOCK).withMaxMessage(2_000_000);

    private static final Pattern ADVICE = Pattern.compile(
            "make the channel, or a child's Transport[.]shm, with"
                    + " ChannelOptions[.]withMaxMessage\\(([0-9]+)\\)");

    private static final int LONG = 1_000_000; // letters

    @RegisterExtension
    final Children children = new Children();

    static Stream<ChildJvm> bothKinds() {
        return Stream.of(child("plain"),
                ChildJvm.ofCommand(OptionsChild.command("plain").toArray(String[]::new)));
    }

    private static ChildJvm child(String kind) {
        return ChildJvm.of(OptionsChild.class).arguments(kind).shortLived().noClassArchive();
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void optionsOfTheParentHoldOnBothSides(ChildJvm kind) throws Exception {
        try (ChildLink<String, String> child = start(kind, SMALL)) {
            assertThat(child.sender().options()).isEqualTo(SMALL);
            assertThat(child.receiver().options()).isEqualTo(SMALL);
            assertThat(ask(child, "options")).isEqualTo(SMALL + " " + SMALL);
        }
    }

    @Test
    void childThatHasOtherOptionsTakesThoseOfItsParent() throws Exception {
        try (ChildLink<String, String> child = start(child("own"), SMALL)) {
            assertThat(ask(child, "options")).isEqualTo(SMALL + " " + SMALL);
        }
        try (ChildLink<String, String> child = start(child("own"), ChannelOptions.defaults())) {
            assertThat(child.receiver().options().capacity())
                    .isEqualTo(ChannelOptions.defaults().capacity());
        }
    }

    @Test
    void transportInsideOfAnotherOneHasItsOwnOptions() throws Exception {
        ChildJvm abroad = child("abroad")
                .transport(new KinChild.Abroad(Transport.shm(OptionsChild.OWN)));

        try (ChildLink<String, String> child = abroad.start(String.class, String.class)) {
            assertThat(ask(child, "options"))
                    .isEqualTo(OptionsChild.OWN + " " + OptionsChild.OWN);
        }
    }

    @ParameterizedTest
    @MethodSource("bothKinds")
    void longMessagesGoByTheSideOfSmallRings(ChildJvm kind) throws Exception {
        String text = "é".repeat(LONG / 2);
        try (ChildLink<String, String> child = start(kind, SMALL)) {
            assertThat(ask(child, text)).isEqualTo(text);

            assertThat(child.sender().stats().spills()).isOne();
            assertThat(child.receiver().stats().spills()).isOne();
            assertThat(ask(child, "x".repeat(2000))).hasSize(2000); // in the ring
            assertThat(ask(child, "x".repeat(2100))).hasSize(2100); // longer than half of it
            assertThat(child.sender().stats().spills()).isEqualTo(2);
            assertThat(child.receiver().stats().spills()).isEqualTo(2);
        }
    }

    @Test
    void spinOfTheParentHoldsInTheChild() throws Exception {
        ChannelOptions awake = ChannelOptions.defaults().withWaitStrategy(WaitStrategy.SPIN);
        try (ChildLink<String, String> child = start(child("plain"), awake)) {
            for (int round = 0; round < 100; round++) {
                assertThat(ask(child, "a word")).isEqualTo("a word");
            }

            assertThat(ask(child, "sleeps")).isEqualTo("0");
            assertThat(child.receiver().stats().wakeUps()).isZero();
        }
    }

    /// The first answer comes long after the parent begins to wait, since all code is cold.
    @Test
    void blockOfTheParentHoldsInTheChild() throws Exception {
        ChannelOptions asleep = ChannelOptions.defaults().withWaitStrategy(WaitStrategy.BLOCK);
        try (ChildLink<String, String> child = start(child("plain"), asleep)) {
            for (int round = 0; round < 100; round++) {
                assertThat(ask(child, "a word")).isEqualTo("a word");
            }

            assertThat(Long.parseLong(ask(child, "sleeps"))).isPositive();
            assertThat(child.receiver().stats().wakeUps()).isPositive();
        }
    }

    @Test
    void jobsOfASetGoThroughRingsOfItsOptions() throws Exception {
        try (WorkerSet<String, String> workers = set(SMALL.withMaxMessage(LONG))) {
            assertThat(workers.call("x".repeat(LONG / 2))).isEqualTo("" + LONG / 2);
            assertThat(workers.call("" + LONG / 2)).isEqualTo("x".repeat(LONG / 2));
            assertThatThrownBy(() -> workers.call("x".repeat(LONG)))
                    .isInstanceOf(MessageTooLarge.class);
            assertThatThrownBy(() -> workers.call("" + LONG)).isInstanceOf(CallFailed.class)
                    .hasMessageContaining("limit=" + LONG);
        }
    }

    @Test
    void setWhoseThreadsNeverSleepDoesJobsAndEnds() throws Exception {
        ChannelOptions awake = ChannelOptions.defaults().withWaitStrategy(WaitStrategy.SPIN);
        try (WorkerSet<String, String> workers = set(awake)) {
            CompletableFuture<String> first = workers.send("1");
            CompletableFuture<String> second = workers.send("2");

            assertThat(workers.call("3")).isEqualTo("xxx");
            assertThat(first.get(1, TimeUnit.MINUTES)).isEqualTo("x");
            assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo("xx");
        }
    }

    /// Between a set's worker and its host, and between a responder and its caller: the remedy in
    /// the failure of a message that is too long works.
    @Test
    void adviceOnALongJobCanBeFollowed() throws Exception {
        String job = "x".repeat(2000);
        int advised;
        try (WorkerSet<String, String> workers = set(tight())) {
            advised = advised(MessageTooLarge.class, () -> workers.call(job));
            assertThat(workers.call("7")).isEqualTo("xxxxxxx"); // it goes on
        }
        try (WorkerSet<String, String> workers = set(tight().withMaxMessage(advised))) {
            assertThat(workers.call(job)).isEqualTo("2000");
        }
    }

    @Test
    void adviceOnALongAnswerOfAWorkerCanBeFollowed() throws Exception {
        int advised;
        try (WorkerSet<String, String> workers = set(tight())) {
            advised = advised(CallFailed.class, () -> workers.call("2000"));
        }
        try (WorkerSet<String, String> workers = set(tight().withMaxMessage(advised))) {
            assertThat(workers.call("2000")).hasSize(2000);
        }
    }

    @Test
    void adviceOnALongQuestionAndAnswerCanBeFollowed() throws Exception {
        int advised;
        try (Caller<String, String> child = caller(tight())) {
            advised = advised(CallFailed.class, () -> child.call("2000"));
        }
        try (Caller<String, String> child = caller(tight().withMaxMessage(advised))) {
            assertThat(child.call("2000")).hasSize(2000);
        }
        try (Caller<String, String> child = caller(tight())) {
            advised = advised(MessageTooLarge.class, () -> child.call("x".repeat(3000)));
        }
        try (Caller<String, String> child = caller(tight().withMaxMessage(advised))) {
            assertThat(child.call("x".repeat(3000))).isEqualTo("3000");
        }
    }

    @Test
    void adviceOnALongMessageToAChildCanBeFollowed() throws Exception {
        String text = "x".repeat(5000);
        int advised;
        try (ChildLink<String, String> child = start(child("plain"), tight())) {
            advised = advised(MessageTooLarge.class, () -> child.send(text));
        }
        try (ChildLink<String, String> child =
                start(child("plain"), tight().withMaxMessage(advised))) {
            assertThat(ask(child, text)).isEqualTo(text);
        }
    }

    private static ChannelOptions tight() {
        return ChannelOptions.defaults().withMaxMessage(1024);
    }

    @ParameterizedTest
    @CsvSource({"capacity=131072, 'capacity=131072, limit=65536'",
        "waitStrategy=SPIN, 'waitStrategy=SPIN, limit=HYBRID for 20 us'",
        "spin=3000000, 'spin=3 ms, limit=20 us'", "spin=20001, 'spin=20001 ns, limit=20000 ns'",
        "maxMessage=1048577, 'maxMessage=1048577, limit=1048576'"})
    void childThatMakesItsRingsLargerIsRefused(String more, String words) {
        assumeFalse(more.startsWith("spin=") && Runtime.getRuntime().availableProcessors() == 1,
                "nobody looks on one processor");
        ChannelOptions given = ChannelOptions.defaults().withMaxMessage(1 << 20);
        ChildJvm child = child("plain").jvmOptions(
                "-DIPC_CHANNEL_OPTIONS=maxMessage=1048576," + more);

        assertThatThrownBy(() -> start(child, given)).isInstanceOf(HandshakeFailed.class)
                .hasMessageStartingWith("the child has made its channels with more than its parent"
                        + " allows: child=")
                .hasMessageContaining("OptionsChild plain, pid=")
                .hasMessageEndingWith(": have it keep to what its IPC_CHANNEL_OPTIONS says, or to"
                        + " the defaults without that, or allow more by"
                        + " Transport.shm(ChannelOptions)")
                .hasMessageContaining(", " + words + ": have it");
    }

    @Test
    void childThatMakesItsRingsLargerGetsTheSameReason() throws Exception {
        Path errors = children.directory().resolve("errors");
        ChildJvm child = ChildJvm.of(ConversingChild.class).arguments("parent")
                .jvmOptions("-DIPC_CHANNEL_OPTIONS=capacity=131072")
                .errors(Output.toFile(errors)).grace(Children.PATIENCE);

        assertThatThrownBy(() -> child.start(String.class, String.class))
                .isInstanceOf(HandshakeFailed.class);

        assertThat(Files.readAllLines(errors)).singleElement().asString()
                .startsWith("dev.ipcchannel.Disconnected: the parent has refused this child: it has"
                        + " made its channels with more than its parent allows: capacity=131072,"
                        + " limit=65536: have it keep to what its IPC_CHANNEL_OPTIONS says, or to"
                        + " the defaults without that, or allow more by"
                        + " Transport.shm(ChannelOptions)");
    }

    /// The connecting process is not the one that was started.
    @Test
    void childBelowAWrapperThatMakesItsRingsLargerIsRefused() throws Exception {
        ChildJvm child = belowAShell(OptionsChild.command("plain"),
                "IPC_CHANNEL_OPTIONS=capacity=131072");

        assertThatThrownBy(() -> start(child, ChannelOptions.defaults()))
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageStartingWith("the child has made its channels with more than its parent"
                        + " allows: child=")
                .hasMessageContaining(", capacity=131072, limit=65536: have it");
    }

    @Test
    void childBelowAWrapperThatMeansOtherTypesIsNamedWithTheReason() throws Exception {
        ChildJvm child = belowAShell(OptionsChild.command("plain"), "A=b");

        assertThatThrownBy(() -> child.start(Integer.class, Integer.class))
                .isInstanceOf(ChildFailed.class)
                .hasMessageStartingWith("the child ended before it got through: child=sh -c")
                .hasMessageContaining(", turned away: ")
                .hasMessageContaining("String")
                .hasMessageNotContaining("see that it calls");
        assertThatThrownBy(() -> ChildJvm.ofCommand("sh", "-c", "true")
                .start(Integer.class, Integer.class)).isInstanceOf(ChildFailed.class)
                .hasMessageContaining("see that it calls");
    }

    /// A plan whose process starts another one, by a shell that waits for it.
    private static ChildJvm belowAShell(List<String> command, String variable) {
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", "env \"$0\" \"$@\"; true", variable));
        words.addAll(command);
        return ChildJvm.ofCommand(words.toArray(String[]::new)).errors(Output.capture());
    }

    @Test
    void setWhoseWorkersMakeTheirRingsLargerDoesNotStart() {
        ChildJvm worker = child("worker").jvmOptions("-DIPC_CHANNEL_OPTIONS=capacity=131072");

        assertThatThrownBy(() -> WorkerSet.builder(String.class, String.class).workerCount(1)
                .worker(worker).start())
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining("capacity=131072, limit=65536");
    }

    @Test
    void childThatTakesLessIsOne() throws Exception {
        ChildJvm child = child("plain").jvmOptions("-DIPC_CHANNEL_OPTIONS=capacity=4096,"
                + "waitStrategy=BLOCK,maxMessage=1024");

        try (ChildLink<String, String> less = start(child, ChannelOptions.defaults())) {
            assertThat(less.sender().options()).isEqualTo(ChannelOptions.defaults()
                    .withCapacity(4096).withWaitStrategy(WaitStrategy.BLOCK).withMaxMessage(1024));
            assertThat(ask(less, "a word")).isEqualTo("a word");
        }
    }

    @Test
    void markThatMakesNoSenseEndsTheChildWithASentence() {
        List<ChildJvm> kinds = new ArrayList<>(List.of(
                child("plain").jvmOptions("-DIPC_CHANNEL_OPTIONS=capacity=5")));
        List<String> words = new ArrayList<>(List.of("env", "IPC_CHANNEL_OPTIONS=capacity=5"));
        words.addAll(OptionsChild.command("plain"));
        kinds.add(ChildJvm.ofCommand(words.toArray(String[]::new)));

        for (ChildJvm kind : kinds) {
            assertThatThrownBy(() -> start(kind.errors(Output.capture()), SMALL))
                    .isInstanceOf(ChildFailed.class)
                    .hasMessageContaining("the options of the rings to the parent cannot be"
                            + " read: IPC_CHANNEL_OPTIONS=capacity=5");
        }
    }

    @Test
    void markOfAProcessIsNotItsChildrens() throws Exception {
        ChildJvm host = ChildJvm.ofCommand(OptionsChild.command("plain").toArray(String[]::new));

        try (ChildLink<String, String> link = start(host, SMALL)) {
            assertThat(ask(link, "grandchild"))
                    .contains("capacity=" + ChannelOptions.defaults().capacity() + ",")
                    .doesNotContain("capacity=4096");
        }
    }

    @Test
    void variableOfThatNameIsNothingToAChildJvm() throws Exception {
        ChildJvm child = child("plain").environment("IPC_CHANNEL_OPTIONS", "capacity=5");

        try (ChildLink<String, String> link = start(child, SMALL)) {
            assertThat(ask(link, "options")).isEqualTo(SMALL + " " + SMALL);
        }
    }

    private static ChildLink<String, String> start(ChildJvm child, ChannelOptions options)
            throws InterruptedException {
        return child.transport(Transport.shm(options)).start(String.class, String.class);
    }

    private static String ask(ChildLink<String, String> child, String word)
            throws InterruptedException {
        child.send(word);
        return child.receive(Children.PATIENCE);
    }

    private static WorkerSet<String, String> set(ChannelOptions options)
            throws InterruptedException {
        return WorkerSet.builder(String.class, String.class).workerCount(1)
                .worker(child("worker").transport(Transport.shm(options)))
                .start();
    }

    private static Caller<String, String> caller(ChannelOptions options)
            throws InterruptedException {
        return child("responder").transport(Transport.shm(options))
                .startCaller(String.class, String.class);
    }

    private interface Failing {
        void run() throws Exception;
    }

    private static int advised(Class<? extends Exception> kind, Failing failing) {
        List<Integer> advised = new ArrayList<>();
        assertThatThrownBy(failing::run).isInstanceOf(kind).satisfies(failure -> {
            Matcher matcher = ADVICE.matcher(String.valueOf(failure.getMessage()));
            assertThat(matcher.find()).as("%s", failure.getMessage()).isTrue();
            advised.add(Integer.valueOf(matcher.group(1)));
        });
        return advised.getFirst();
    }
}
