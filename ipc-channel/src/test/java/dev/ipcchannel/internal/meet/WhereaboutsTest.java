package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.meet.NameLock.Look;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A sentence about absent members: it says what is known of them, and reads no more of the
/// directory than it shows.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WhereaboutsTest {

    private static final String OPEN = "sender pid=" + ProcessHandle.current().pid()
            + " (test) has this name open and ";

    @RegisterExtension
    final Children children = new Children();

    @BeforeEach
    void namesAreOfThisTestAlone() {
        System.setProperty(RuntimeDirectory.PROPERTY,
                children.directory().resolve("names").toString());
    }

    @AfterEach
    void namesAreElsewhere() {
        System.clearProperty(RuntimeDirectory.PROPERTY);
    }

    private static Member open(Role role) throws InterruptedException {
        return Member.open(NameKind.CHANNEL, "words", "String", "String", "test", role);
    }

    private static NameFolder words() {
        return NameFolder.of(RuntimeDirectory.find(), NameKind.CHANNEL, "words");
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    /// A sender that accepts no counterpart.
    private record Unfit(PlainRole plain, Supplier<String> answer) implements Role {

        static Unfit sender(Supplier<String> answer) {
            return new Unfit(PlainRole.sender(), answer);
        }

        @Override
        public String word() {
            return plain.word();
        }

        @Override
        public String counterpartWord() {
            return plain.counterpartWord();
        }

        @Override
        public boolean offer(Counterpart counterpart, Transfer transfer) {
            return plain.offer(counterpart, transfer);
        }

        @Override
        public @Nullable String takeUp(Counterpart counterpart, Transfer offered) {
            return answer.get();
        }

        @Override
        public void disconnect(Counterpart counterpart) {
            plain.disconnect(counterpart);
        }
    }

    @Test
    void memberThatLacksSomethingIsReportedToEndEachConnection() throws Exception {
        try (Member sender = open(Unfit.sender(() -> {
            throw new LaneException(LaneException.Kind.EXHAUSTED, "nothing is left of it");
        }));
                Member receiver = open(PlainRole.receiver())) {
            until(() -> assertThat(receiver.whereabouts()).isEqualTo(OPEN + "ends each connection:"
                    + " see its log: it may lack descriptors or memory"));
            until(() -> assertThat(sender.whereabouts())
                    .startsWith("receiver pid=" + ProcessHandle.current().pid())
                    .endsWith(" has this name open and cannot be taken up here:"
                            + " dev.ipcchannel.internal.wire.LaneException: nothing is left of"
                            + " it"));
        }
    }

    @Test
    void memberThatRefusesThisOneIsReportedWithItsReason() throws Exception {
        try (Member _ = open(Unfit.sender(() -> "it likes nobody"));
                Member receiver = open(PlainRole.receiver())) {
            until(() -> assertThat(receiver.whereabouts())
                    .isEqualTo(OPEN + "does not take this one up: it likes nobody"));
        }
    }

    @Test
    void membersOfThisProcessAreMarkedAsSuch() throws Exception {
        Member earlier = open(PlainRole.sender());
        assertThat(OwnEntry.isHere(earlier.number())).isTrue();
        earlier.close();
        assertThat(OwnEntry.isHere(earlier.number())).isFalse();
        try (Member one = open(PlainRole.sender())) {
            assertThat(one.whereabouts()).contains("channel words (sender=1, this process):");
            try (Member _ = open(PlainRole.sender())) {
                assertThat(one.whereabouts())
                        .contains("channel words (sender=2, all of this process):");
            }
        }
    }

    @Test
    void noMoreNamesAreLookedAtThanAreShown() {
        RuntimeDirectory directory = RuntimeDirectory.find();
        List<NameFolder> folders = IntStream.range(0, 100)
                .mapToObj(i -> NameFolder.found(directory, NameKind.CHANNEL, Path.of("" + i)))
                .toList();
        AtomicInteger looks = new AtomicInteger();

        String names = NameList.names(folders, folder -> {
            int _ = looks.incrementAndGet();
            return new Look(List.of(new Found("00000000000000aa", new Entry(NameKind.CHANNEL,
                    "name " + folder.path(), "sender", "String", 4711, "Other"))), 0);
        });

        assertThat(looks).hasValue(NameList.MAX_SHOWN);
        assertThat(names)
                .startsWith("these names are open: channel name 0 (sender=1), channel name 1")
                .endsWith(", channel name 7 (sender=1) and up to 92 more");
        assertThat(NameList.names(folders, _ -> new Look(List.of(), 0)))
                .isEqualTo("up to %d names are open".formatted(100 - NameList.MAX_LOOKED));
    }

    @Test
    void lookAtSomeSaysHowManyAreLeft() throws Exception {
        try (Member one = open(PlainRole.sender()); Member _ = open(PlainRole.sender())) {
            Look some = NameLock.look(words(), _ -> true, 1);
            assertThat(some.found()).hasSize(1);
            assertThat(some.left()).isEqualTo(1);
            Look wanted = NameLock.look(words(), number -> number == one.number(),
                    1);
            assertThat(wanted.left()).isZero();
            assertThat(wanted.found()).singleElement().extracting(Found::number)
                    .isEqualTo(one.number());
        }
    }

    @Test
    void actionThatFailsIsNamedWithTheMemberAndWhatItHasDone() throws Exception {
        BlockingQueue<String> run = new LinkedBlockingQueue<>();
        try (CaughtLog log = CaughtLog.listen(); Member sender = open(PlainRole.sender())) {
            sender.onJoin(_ -> {
                throw new IllegalStateException("mine");
            });
            sender.onLeave(_ -> {
                throw new IllegalStateException("mine too");
            });
            sender.onLeave(_ -> run.add("run"));
            open(PlainRole.receiver()).close();

            assertThat(run.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("run");
            String receiver = "receiver pid=" + ProcessHandle.current().pid() + " (test): ";
            assertThat(log.lines().getFirst())
                    .isEqualTo(
                            "an action for members that join a name failed: name=words, " + receiver
                                    + "java.lang.IllegalStateException: mine");
            assertThat(log.lines().getLast())
                    .isEqualTo("an action for members that leave a name failed: name=words, "
                            + receiver
                            + "java.lang.IllegalStateException: mine too");
        }
    }
}
