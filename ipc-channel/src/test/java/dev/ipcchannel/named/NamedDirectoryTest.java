package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.testing.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The list of open names, and the notifications of members that join and leave a program's own
/// names.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedDirectoryTest {

    record Word(String text) {}

    @RegisterExtension
    final Children children = new Children();

    private Path directory = Path.of("");

    @BeforeEach
    void namesAreOfThisTestAlone() {
        directory = children.directory().resolve("names");
        System.setProperty("ipc.directory", directory.toString());
    }

    @AfterEach
    void namesAreTheUsersAgain() {
        System.clearProperty("ipc.directory");
    }

    private static NamedMember next(BlockingQueue<NamedMember> members) throws Exception {
        NamedMember member = members.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(member).as("somebody in time").isNotNull();
        return member;
    }

    @Test
    void nothingIsOpenInitiallyAndALookMakesNoDirectory() {
        assertThat(NamedDirectory.list()).isEmpty();
        assertThat(NamedDirectory.path()).isEqualTo(directory).doesNotExist();
    }

    @Test
    void allNamesAreListedWithTheirMembersWhileTheyAreOpen() throws Exception {
        Instant before = Instant.now().minusSeconds(1);
        try (NamedSender<Word> _ = NamedSender.open("words", Word.class);
                NamedReceiver<Word> _ = NamedReceiver.open("words", Word.class);
                NamedSender<Integer> _ = NamedSender.open("a number", Integer.class)) {
            List<NamedMember> members = NamedDirectory.list();

            assertThat(members).extracting(NamedMember::name)
                    .containsExactly("a number", "words", "words");
            assertThat(members).extracting(NamedMember::role)
                    .containsExactlyInAnyOrder("sender", "sender", "receiver");
            assertThat(members).allSatisfy(member -> {
                assertThat(member.kind()).isEqualTo("channel");
                assertThat(member.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(member.program()).isNotEmpty();
                assertThat(member.since()).isBetween(before, Instant.now().plusSeconds(1));
            });
            assertThat(members.getLast().type()).contains("text");
        }
        assertThat(NamedDirectory.list()).isEmpty();
    }

    /// It writes its entry again, with the old time.
    @Test
    void memberWhoseEntryWasRemovedIsThereSinceItJoined() throws Exception {
        try (NamedSender<Word> _ = NamedSender.open("words", Word.class)) {
            NamedMember member = NamedDirectory.list().getFirst();
            for (Path entry : entries()) {
                Files.delete(entry);
            }

            await().atMost(Children.PATIENCE).until(() -> NamedDirectory.list().size() == 1);

            assertThat(NamedDirectory.list()).containsExactly(member);
        }
    }

    @Test
    void timeThatAnEntryDoesNotSayIsNotKnown() throws Exception {
        try (NamedSender<Word> _ = NamedSender.open("words", Word.class)) {
            for (Path entry : entries()) {
                String text = Files.readString(entry);
                Path _ = Files.writeString(entry, text.replace("\nsince 2", "\nsince x"));
            }

            assertThat(NamedDirectory.list()).extracting(NamedMember::since)
                    .containsExactly(Instant.EPOCH);
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void whatIsNoFolderOfANameIsPassedOver() throws Exception {
        try (NamedSender<Word> _ = NamedSender.open("words", Word.class)) {
            Path _ = Files.createFile(directory.resolve("channel-0123456789abcdef"));
            Path _ = Files.createDirectory(directory.resolve("something"));

            assertThat(NamedDirectory.list()).hasSize(1);
        }
    }

    @Test
    void senderIsNotifiedOfPresentReceiversAndOfThoseThatComeAndGo() throws Exception {
        BlockingQueue<NamedMember> joined = new LinkedBlockingQueue<>();
        BlockingQueue<NamedMember> left = new LinkedBlockingQueue<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        try (NamedReceiver<Word> _ = NamedReceiver.open("words", Word.class);
                NamedSender<Word> sender = NamedSender.open("words", Word.class)) {
            sender.onJoin(member -> {
                threads.add(Thread.currentThread());
                joined.add(member);
            });
            sender.onLeave(left::add);
            assertThat(next(joined).role()).isEqualTo("receiver");

            try (NamedReceiver<Word> _ = NamedReceiver.open("words", Word.class)) {
                assertThat(next(joined).pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(left).isEmpty();
            }
            NamedMember gone = next(left);
            assertThat(gone.name()).isEqualTo("words");
            assertThat(gone.program()).isNotEmpty();
            assertThat(gone.since()).isAfter(Instant.EPOCH);
        }
        assertThat(threads).allMatch(Thread::isVirtual);
    }

    @Test
    void receiverIsNotifiedOfSendersThatComeAndGo() throws Exception {
        BlockingQueue<NamedMember> joined = new LinkedBlockingQueue<>();
        BlockingQueue<NamedMember> left = new LinkedBlockingQueue<>();
        try (NamedReceiver<Word> receiver = NamedReceiver.open("words", Word.class)) {
            receiver.onJoin(joined::add);
            receiver.onLeave(left::add);
            NamedSender.open("words", Word.class).close();
            assertThat(next(joined)).isEqualTo(next(left));
        }
    }

    @Test
    void serviceIsNotifiedOfCallersAndCallersOfServicesThatComeAndGo() throws Exception {
        BlockingQueue<NamedMember> joined = new LinkedBlockingQueue<>();
        BlockingQueue<NamedMember> left = new LinkedBlockingQueue<>();
        NamedService service = NamedService.serve("lengths", String.class, Integer.class,
                (word, _) -> word.length());
        try (service) {
            service.onJoin(joined::add);
            service.onLeave(left::add);
            try (var caller = NamedCaller.open("lengths", String.class, Integer.class)) {
                assertThat(next(joined).role()).isEqualTo("caller");
                caller.onJoin(joined::add);
                assertThat(next(joined).role()).isEqualTo("server");
                caller.onLeave(left::add);
                NamedService.serve("lengths", String.class, Integer.class,
                        (word, _) -> word.length()).close();
                assertThat(next(joined)).isEqualTo(next(left));
            }
            assertThat(next(left).role()).isEqualTo("caller");
        }
        assertThatThrownBy(() -> service.onJoin(joined::add)).isInstanceOf(EndClosed.class)
                .hasMessage("this service was closed: name=lengths: serve the name again");
        assertThatThrownBy(() -> service.onLeave(left::add)).isInstanceOf(EndClosed.class);
    }

    @Test
    void memberOfASignalIsNotifiedOfOthersThatComeAndGo() throws Exception {
        BlockingQueue<NamedMember> joined = new LinkedBlockingQueue<>();
        BlockingQueue<NamedMember> left = new LinkedBlockingQueue<>();
        NamedSignal signal = NamedSignal.open("reload");
        try (signal; NamedSignal _ = NamedSignal.open("reload")) {
            signal.onJoin(joined::add);
            signal.onLeave(left::add);
            assertThat(next(joined).role()).isEqualTo("member");
            NamedSignal.open("reload").close();
            assertThat(next(joined)).isEqualTo(next(left));
        }
        assertThatThrownBy(() -> signal.onJoin(joined::add)).isInstanceOf(EndClosed.class);
        assertThatThrownBy(() -> signal.onLeave(left::add)).isInstanceOf(EndClosed.class);
    }

    /// If the connecting thread ran a user's action, it could not connect meanwhile.
    @Test
    void actionThatFailsOrWaitsHindersNoMeeting() throws Exception {
        BlockingQueue<NamedMember> go = new LinkedBlockingQueue<>();
        BlockingQueue<NamedMember> joined = new LinkedBlockingQueue<>();
        try (NamedReceiver<Word> receiver = NamedReceiver.open("words", Word.class)) {
            receiver.onJoin(_ -> {
                throw new IllegalStateException("an action that fails");
            });
            receiver.onJoin(member -> {
                boolean _ = joined.add(member);
                try {
                    NamedMember _ = go.take();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            try (NamedSender<Word> first = NamedSender.open("words", Word.class)) {
                NamedMember one = next(joined);
                try (NamedSender<Word> second = NamedSender.open("words", Word.class)) {
                    first.send(new Word("one"));
                    second.send(new Word("two"));
                    await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                            .until(() -> receiver.senderCount() == 2);
                    assertThat(joined).isEmpty();
                    boolean _ = go.addAll(List.of(one, one));
                    NamedMember _ = next(joined);
                }
            }
        }
    }
}
