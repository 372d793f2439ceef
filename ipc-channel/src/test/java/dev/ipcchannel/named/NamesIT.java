package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.NamesChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Processes that find each other in the directory of names, through faults of the directory and of
/// processes.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamesIT {

    private static final int PROCESSES = Integer.getInteger("ipcchannel.openers", 10);
    private static final int ROUNDS = Integer.getInteger("ipcchannel.openings", 2000);
    private static final int OPENERS = 50;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private Path made(String name) throws IOException {
        return Files.createDirectory(children.directory().resolve(name), PosixFilePermissions
                .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(names.directory())) {
            return all.toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private ChildJvm start(Children.Command command) throws Exception {
        ChildJvm child =
                command.environment("IPC_CHANNEL_DIR", names.directory().toString()).piped()
                        .start(NamesChild.class);
        assertThat(child.answer()).isEqualTo("up");
        return child;
    }

    private ChildJvm start() throws Exception {
        return start(children.command());
    }

    private static void until(ThrowingRunnable fact) {
        await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(fact);
    }

    @Test
    void manyOpenersOfOneNameAtOnceFindEachOther() throws Exception {
        int each = OPENERS / PROCESSES;
        List<ChildJvm> openers = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            openers.add(start());
        }
        for (ChildJvm opener : openers) {
            opener.order("channels words " + each);
        }
        for (ChildJvm opener : openers) {
            assertThat(opener.answer()).isEqualTo("opened");
        }
        for (ChildJvm opener : openers) {
            assertThat(opener.ask("meet words " + OPENERS)).isEqualTo("met");
        }
        assertThat(NamedDirectory.list()).hasSize(2 * OPENERS);
        for (ChildJvm opener : openers) {
            opener.end();
        }
    }

    @Test
    void ofNewcomersOfTwoTypesAtOnceOneWinsAndTheOtherGetsItsNameAndTheDifference()
            throws Exception {
        ChildJvm texts = start();
        ChildJvm numbers = start();
        for (int i = 0; i < 10; i++) {
            texts.order("receiver words");
            numbers.order("numbers words");
            String text = texts.answer();
            String number = numbers.answer();
            boolean isText = text.equals("opened");
            assertThat(isText ? number : text).startsWith("TypeMismatch: ").contains("name=words")
                    .contains("pid=" + (isText ? texts : numbers).pid()).contains("NamesChild")
                    .contains("String").containsAnyOf("Integer", "int");
            assertThat(List.of(text, number)).contains("opened");
            assertThat(texts.ask("close") + numbers.ask("close")).isEqualTo("closedclosed");
        }
        texts.end();
        numbers.end();
    }

    /// The older version of the type in [dev.ipcchannel.testing.children.NewerChild].
    private record Order(int id, long price) {}

    @Test
    void processWithANewerVersionOfTheMessagesIsNamedWithWhatDiffers() throws Exception {
        ChildJvm newer = start();
        assertThat(newer.ask("newer words")).isEqualTo("opened");

        assertThatThrownBy(() -> NamedSender.open("words", Order.class))
                .isInstanceOf(TypeMismatch.class)
                .hasMessageContaining("name=words, pid=" + newer.pid())
                .hasMessageContaining("Order.price: long here, double there")
                .hasMessageContaining("Order.note: only there");

        newer.end();
    }

    @Test
    void stoppedMemberIsNamedAndIsMetWhenItGoesOn() throws Exception {
        ChildJvm stopped = start();
        assertThat(stopped.ask("receiver words")).isEqualTo("opened");
        stopped.signal("STOP");
        try (CaughtLog log = CaughtLog.listen();
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            assertThat(log.lines()).singleElement().asString().contains("do not answer")
                    .contains("pids=[" + stopped.pid() + "]");
            ChildJvm newcomer = start();
            assertThat(newcomer.ask("receiver words")).isEqualTo("opened");
            sender.waitForReceivers(1, Children.PATIENCE);
            stopped.signal("CONT");
            sender.waitForReceivers(2, Children.PATIENCE);
            newcomer.end();
        }
        stopped.end();
    }

    @Test
    void receiverThatLeavesASenderThatIsStoppedSaysWhichItIs() throws Exception {
        ChildJvm stopped = start();
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            assertThat(stopped.ask("sender words")).isEqualTo("opened");
            until(() -> assertThat(receiver.senderCount()).isEqualTo(1));
            stopped.signal("STOP");

            receiver.leave();

            String held = "sender pid=" + stopped.pid() + " (" + NamesChild.class.getName()
                    + "): let it go on if it is stopped, or end it";
            assertThat(log.lines()).contains("senders of a name do not answer, and let a"
                    + " receiver go when they go on: name=words, " + held);
            assertThatThrownBy(() -> receiver.receive(Duration.ofMillis(50)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessage("no message came within the time given, and this receiver has left,"
                            + " but a sender does not answer: name=words, timeout=50 ms: " + held);
            Waits<Throwable> end = Waits.in(() -> catchThrowable(receiver::receive));
            until(() -> assertThat(log.lines()).contains("a receiver has left, and waits"
                    + " for a sender that does not answer: name=words, waited=5 s: " + held));
            stopped.signal("CONT");
            assertThat(end.value()).isInstanceOf(Disconnected.class);
        }
        stopped.end();
    }

    /// Sends until a receiver has no room.
    private static Throwable late(NamedSender<String> sender) {
        String word = "x".repeat(1000);
        return catchThrowable(() -> {
            while (true) {
                sender.send(word, Duration.ofMillis(50));
            }
        });
    }

    @Test
    void sendToAReceiverThatIsStoppedSaysWhatIsKnownOfIt() throws Exception {
        ChildJvm stopped = start();
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            assertThat(stopped.ask("receiver words")).isEqualTo("opened");
            sender.waitForReceivers(1, Children.PATIENCE);
            stopped.signal("STOP");
            String full = "receivers=1: a receiver has no room, pid=" + stopped.pid() + " \\("
                    + NamesChild.class.getName() + "\\), unread=\\d+ of 65536 bytes";

            assertThat(late(sender)).isInstanceOf(TimedOut.class)
                    .hasMessageMatching(".*, timeout=50 ms, " + full
                            + ": have it receive, or let it go on if it is stopped");
            stopped.signal("CONT");
            assertThat(stopped.ask("close")).isEqualTo("closed");

            assertThat(stopped.ask("beating words")).isEqualTo("opened");
            sender.waitUntilReady(Children.PATIENCE);
            stopped.signal("STOP");
            until(() -> assertThat(late(sender)).isInstanceOf(TimedOut.class)
                    .hasMessageMatching(".*, timeout=50 ms, " + full
                            + ", and has had no beat for 3 of its intervals: let it go on if it is"
                            + " stopped, or end it"));
            stopped.signal("CONT");
        }
        stopped.end();
    }

    @Test
    void broadcastToAReceiverThatIsStoppedSaysWhatIsKnownOfIt() throws Exception {
        ChildJvm stopped = start();
        assertThat(stopped.ask("broadcast words")).isEqualTo("opened");
        try (IpcChannel<byte[]> sender =
                IpcChannel.open(ChannelType.CHANNEL, "words", ConnMode.SENDER)) {
            assertThat(sender.waitForReceivers(1, Children.PATIENCE.toMillis())).isTrue();
            stopped.signal("STOP");

            assertThatThrownBy(() -> {
                while (true) {
                    sender.send(new byte[1000], 50);
                }
            }).isInstanceOf(TimedOut.class)
                    .hasMessageMatching("Timeout: .* name=words, timeout=50 ms,"
                            + " receivers=1: a receiver has no room, pid=" + stopped.pid()
                            + " \\(.+\\), unread=\\d+ of 65536 bytes: have it receive, or let it"
                            + " go on if it is stopped");
            stopped.signal("CONT");
        }
        stopped.end();
    }

    @Test
    void serviceThatClosesDoesNotWaitForAStoppedCallerThatHasNothingOpen() throws Exception {
        ChildJvm stopped = start();
        try (CaughtLog log = CaughtLog.listen();
                NamedService service = NamedService.serve("words", String.class, String.class,
                        (word, _) -> word)) {
            assertThat(stopped.ask("caller words")).isEqualTo("opened");
            until(() -> assertThat(service.callerCount()).isEqualTo(1));
            stopped.signal("STOP");

            Waits<Void> close = Waits.run(() -> service.close(Duration.ofHours(1)));

            assertThat(close.value()).isNull();
            assertThat(log.lines()).containsExactly("callers of a service do not answer, and learn"
                    + " of its end when they go on: name=words, caller pid=" + stopped.pid() + " ("
                    + NamesChild.class.getName() + "): let it go on if it is stopped, or end it");
            stopped.signal("CONT");
        }
        stopped.end();
    }

    @Test
    void stoppedProcessThatHoldsANameIsNamedToOthers() throws Exception {
        ChildJvm holder = start();
        assertThat(holder.ask("hold words")).isEqualTo("held");
        holder.signal("STOP");

        assertThatThrownBy(() -> NamedSender.open("words", String.class))
                .isInstanceOf(TimedOut.class)
                .hasMessageContaining("name=words, pid=%d, directory=%s: ".formatted(holder.pid(),
                        System.getProperty("ipc.directory")));

        assertThat(NamedDirectory.list()).isEmpty();
        holder.signal("CONT");
        holder.end();
        assertThat(NamedDirectory.list()).isEmpty(); // sweeps the folder
    }

    @Test
    void nameThatIsOpenedAndClosedAgainAndAgainLeavesNothing() throws Exception {
        ChildJvm opener = start();
        for (int left = ROUNDS; left > 0; left -= 500) { // so that one answer comes in time
            assertThat(opener.ask("storm words 500")).isEqualTo("as before");
        }
        assertThat(files()).isEmpty();
        opener.end();
    }

    @Test
    void openersClosersAndSweepersOfOneNameDoNotHinderEachOther() throws Exception {
        List<ChildJvm> openers = List.of(start(), start());
        for (ChildJvm opener : openers) {
            opener.order("channels words 1");
            assertThat(opener.answer()).isEqualTo("opened");
            assertThat(opener.ask("close")).isEqualTo("closed");
        }
        for (int i = 0; i < 100; i++) {
            openers.get(0).order("channels words 2");
            openers.get(1).order("channels words 2");
            for (int j = 0; j < 5; j++) {
                assertThat(NamedDirectory.list()).hasSizeLessThanOrEqualTo(8);
            }
            for (ChildJvm opener : openers) {
                assertThat(opener.answer()).isEqualTo("opened");
                opener.order("close");
            }
            for (ChildJvm opener : openers) {
                assertThat(opener.answer()).isEqualTo("closed");
            }
        }
        for (ChildJvm opener : openers) {
            opener.end();
        }
    }

    @Test
    void killedMembersLeaveNothingThatTheNextDoesNotSweep() throws Exception {
        ChildJvm killed = start();
        assertThat(killed.ask("receiver words")).isEqualTo("opened");
        assertThat(killed.ask("sender words")).isEqualTo("opened");
        assertThat(killed.ask("sender others")).isEqualTo("opened");
        assertThat(NamedDirectory.list()).hasSize(3);
        killed.kill();

        NamedSender.open("words", String.class).close();
        assertThat(files()).hasSize(1);
        assertThat(NamedDirectory.list()).isEmpty();
        assertThat(files()).isEmpty();
    }

    /// Its entry is locked as if it were alive, but it does not listen.
    @Test
    void deadOwnerWhoseChildHoldsItsEntryHoldsAnOpenerUpForAWhileAloneAndIsSweptWithTheChild()
            throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")),
                "flock is not installed (Debian package util-linux)");
        ChildJvm dead = start();
        assertThat(dead.ask("receiver words")).isEqualTo("opened");
        dead.kill();
        ProcessHandle heir = heir(entry());
        try (CaughtLog log = CaughtLog.listen();
                NamedSender<String> sender = NamedSender.open("words", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            assertThat(log.lines()).singleElement().asString().contains("do not answer")
                    .contains("pids=[" + dead.pid() + "]");
            sender.send("word");
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("word");
            assertThat(sender.receiverCount()).isEqualTo(1);
        } finally {
            assertThat(heir.destroyForcibly()).isTrue();
        }
        until(() -> assertThat(NamedDirectory.list()).isEmpty());
    }

    /// The only entry of the only name.
    private Path entry() throws IOException {
        try (Stream<Path> entries = Files.list(files().getFirst())) {
            return entries.filter(file -> !file.toString().endsWith(".s")).findFirst()
                    .orElseThrow();
        }
    }

    /// A process that has inherited an open and locked file of its parent, which has ended.
    private static ProcessHandle heir(Path locked) throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "exec 9<> \"$0\" && flock --nonblock 9"
                + " && { sleep 1000 > /dev/null & } && echo $!", locked.toString()).start();
        String pid = parent.inputReader().readLine();
        assertThat(parent.waitFor()).isZero();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    @Test
    void exitInOrderLeavesNoFile() throws Exception {
        ChildJvm leaver = start();
        assertThat(leaver.ask("receiver words")).isEqualTo("opened");
        assertThat(leaver.ask("sender others")).isEqualTo("opened");
        leaver.order("exit");
        leaver.awaitExit(0);

        assertThat(files()).isEmpty();
    }

    /// Its exit has already removed all files, so a later one would remain.
    @Test
    void nameIsNotEvenMadeAfterTheShutdownHooks() throws Exception {
        ChildJvm child = children.command().piped()
                .flags("--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Dipc.directory=" + made("late"))
                .start(LateOpener.class, children.directory().toString());

        child.awaitExit(0);

        assertThat(child.captured().lines()).containsExactly(
                "this process is about to end, and opens no names any more", "true");
    }

    @Test
    void processesThatLookInDifferentDirectoriesHearWhereEachLooks() throws Exception {
        Path elsewhere = made("elsewhere");
        ChildJvm other = children.command().environment("XDG_RUNTIME_DIR", elsewhere.toString())
                .piped().start(NamesChild.class);
        assertThat(other.answer()).isEqualTo("up");
        assertThat(other.ask("receiver words")).isEqualTo("opened");
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            assertThatThrownBy(() -> sender.waitForReceivers(1, Duration.ofMillis(50)))
                    .isInstanceOf(TimedOut.class).hasMessage(("there are too few receivers within"
                            + " the time given: name=words, wanted=1, there=0, timeout=50 ms:"
                            + " looked in %s (ipc.directory), where these names are open: channel"
                            + " words (sender=1, this process): processes that are to meet have to"
                            + " look in the same one: set IPC_CHANNEL_DIR to it in each, and give"
                            + " one that is starting more time").formatted(names.directory()));
            assertThatThrownBy(() -> sender.send("word", Duration.ofMillis(50)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("looked in " + names.directory());
            assertThatThrownBy(() -> sender.waitUntilReady(Duration.ofMillis(50)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageContaining("looked in " + names.directory());
        }
        other.end();
        assertThat(elsewhere.resolve("ipc-channel")).isEmptyDirectory();
    }

    @Test
    void waitWithoutAReceiverSaysOnceWhereItLooks() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedSender<String> sender = NamedSender.open("words", String.class)) {
            Thread waits = Thread.ofVirtual().start(() -> {
                try {
                    sender.send("word");
                } catch (InterruptedException _) {
                    // the test's end
                }
            });
            until(() -> assertThat(log.lines()).singleElement().asString()
                    .contains("looked in " + names.directory()));
            try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
                assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("word");
            }
            waits.join();
        }
    }

    @Test
    void processInAPidNamespaceOfItsOwnIsMet() throws Exception {
        assumeTrue(OtherUser.command().length > 0); // root
        ChildJvm other = start(children.command().under("unshare", "--pid", "--fork",
                "--mount-proc", "--kill-child"));
        assertThat(other.ask("receiver words")).isEqualTo("opened");
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.waitForReceivers(1, Children.PATIENCE);
            assertThat(other.ask("list")).contains("sender").contains("receiver");
            assertThat(NamedDirectory.list()).extracting(NamedMember::role)
                    .containsExactlyInAnyOrder("sender", "receiver");
            other.process().destroyForcibly();
            other.awaitExit(128 + 9);
            until(() -> assertThat(sender.receiverCount()).isZero());
        }
        assertThat(NamedDirectory.list()).isEmpty();
    }

    @Test
    void processThatMayNotWatchItsEntriesSaysSoAndIsMet() throws Exception {
        assumeTrue(OtherUser.command().length > 0); // root
        ChildJvm blind = start(children.command().under("unshare", "--user", "--map-root-user",
                "sh",
                "-c", "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"", "sh"));

        assertThat(blind.ask("receiver words")).isEqualTo("opened");

        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            sender.waitForReceivers(1, Children.PATIENCE);
        }
        blind.end();
        assertThat(String.join(" ", blind.captured().errorLines())).contains("are not watched")
                .contains("inotify_init1 failed: EMFILE").containsPattern(
                        ": at most=[0-9]+: raise fs.inotify.max_user_instances [(]sysctl[)]");
    }

    /// A folder, a socket and an entry need one each.
    @ParameterizedTest
    @ValueSource(strings = {"nr_inodes=1", "nr_inodes=2", "nr_inodes=3", "ro"})
    void directoryThatTakesNoFilesIsNamedWithTheVariable(String option) throws Exception {
        assumeTrue(OtherUser.command().length > 0); // root
        ChildJvm poor = start(children.command().under("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs -o mode=700,%s none %s && exec \"$@\"".formatted(option,
                        names.directory()),
                "sh"));

        assertThat(poor.ask("receiver words"))
                .startsWith((option.equals("ro") ? "HandshakeFailed" : "ResourceExhausted")
                        + ": processes cannot meet"
                        + " in " + names.directory() + " (IPC_CHANNEL_DIR): ")
                .contains("cannot be").contains(" in it: ")
                .containsPattern(option.equals("ro") ? "failed: EROFS [(]30[)], path="
                        : "failed: ENOSPC [(]28[)], path=.* its file system has no room for more:"
                                + " bytes=[0-9]+: remove what is not needed there, or ")
                .containsPattern(
                        "set IPC_CHANNEL_DIR to a directory (of this user's alone|elsewhere)$");

        assertThat(poor.ask("list")).isEqualTo("[]");
        poor.end();
    }

    @Test
    void directoryOfAnotherUserIsRefusedWithItsOwner() throws Exception {
        String[] _ = OtherUser.command();
        OtherUser.own(names.directory(), OtherUser.NUMBER);

        assertThatThrownBy(() -> NamedSender.open("words", String.class))
                .isInstanceOf(HandshakeFailed.class)
                .hasMessageContaining(names.directory() + " (ipc.directory)")
                .hasMessageContaining("it belongs to another user: uid=" + OtherUser.NUMBER
                        + ", ours=0")
                .hasMessageEndingWith("set ipc.directory to a directory of this user's alone");
        assertThatThrownBy(NamedDirectory::list).isInstanceOf(HandshakeFailed.class);
    }

    @Test
    void processOfAnotherUserIsRefusedSinceTheDirectoryIsNotItsOwn() throws Exception {
        String[] otherUser = OtherUser.command();
        Path _ = Files.setPosixFilePermissions(children.directory(),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        ChildJvm stranger = start(children.command().under(otherUser));

        assertThat(stranger.ask("receiver words")).startsWith("HandshakeFailed: ")
                .contains("uid=0, ours=" + OtherUser.NUMBER);
        stranger.end();
    }
}
