package dev.ipcchannel.named;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.Claim;
import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Decoder;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Encoder;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.MessageTooLarge;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.Sender;
import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.meet.Counterpart;
import dev.ipcchannel.internal.meet.Member;
import dev.ipcchannel.internal.meet.NameKind;
import dev.ipcchannel.internal.meet.Role;
import dev.ipcchannel.internal.wire.Transfer;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The error sentences for users of a name: each has the name, the process that it is about, and
/// the remedy.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedSentencesTest {

    private static final long OWN = ProcessHandle.current().pid();
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final NamedOptions SMALL = NamedOptions.defaults()
            .withChannel(ChannelOptions.defaults().withMaxMessage(2000));

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private static void fill(NamedSender<byte[]> sender) {
        SendOutcome outcome;
        do {
            outcome = sender.trySend(new byte[1000]);
        } while (outcome == SendOutcome.SENT);
        assertThat(outcome).isEqualTo(SendOutcome.FULL);
    }

    @Test
    void sendThatFindsNoRoomInTimeSaysWhichReceiverHasNone() throws Exception {
        try (NamedReceiver<byte[]> receiver = NamedReceiver.open("odd", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("odd", byte[].class)) {
            fill(sender);

            Throwable late = catchThrowable(() -> sender.send(new byte[1000], SHORT));

            assertThat(late).isInstanceOf(TimedOut.class).hasNoCause()
                    .hasMessageMatching("no room for a message within the time given: name=odd,"
                            + " timeout=50 ms, receivers=1: a receiver of this very process has no"
                            + " room, pid=" + OWN + " \\(.+\\), unread=\\d+ of 65536 bytes: have it"
                            + " receive, or open a NamedSender alone to send only");
            assertThat(receiver.name()).isEqualTo("odd");
        }
    }

    @Test
    void sendThatWaitsForRoomSaysSoAfterAWhile() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedReceiver<byte[]> receiver = NamedReceiver.open("odd", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("odd", byte[].class)) {
            fill(sender);

            Waits<Boolean> send = Waits.in(() -> {
                sender.send(new byte[1000]);
                return true;
            });
            while (log.lines().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(log.lines().getFirst()).matches("a send waits for room: name=odd,"
                    + " waited=5 s: a receiver of this very process has no room, pid=" + OWN
                    + " \\(.+\\), unread=\\d+ of 65536 bytes: have it receive, or open a"
                    + " NamedSender alone to send only");
            while (!send.result().isDone()) {
                byte[] _ = receiver.tryReceive();
            }
            assertThat(send.value()).isTrue();
        }
    }

    @Test
    void sendThatWaitsForAnotherThreadsClaimSaysWhoseItIs() throws Exception {
        try (NamedReceiver<byte[]> receiver = NamedReceiver.open("odd", byte[].class);
                NamedSender<byte[]> sender = NamedSender.open("odd", byte[].class);
                Claim _ = sender.claim(10)) {
            String here = Thread.currentThread().getName();

            Waits<Throwable> late = Waits.in(() -> catchThrowable(
                    () -> sender.send(new byte[1000], SHORT)));

            assertThat(late.value()).isInstanceOf(TimedOut.class)
                    .hasMessage("no room for a message within the time given: name=odd,"
                            + " timeout=50 ms, receivers=1: a thread has a claim open: thread="
                            + here + ": commit or close it");
            assertThatThrownBy(() -> sender.send(new byte[1]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this thread has a claim open on this sender: name=odd: commit or"
                            + " close it first");
            assertThat(receiver.tryReceive()).isNull();
        }
    }

    @Test
    void sendThatMeetsNoReceiverHasNoOtherCause() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("none", String.class)) {
            assertThatThrownBy(() -> sender.send("x", SHORT)).isInstanceOf(TimedOut.class)
                    .hasNoCause()
                    .hasMessageStartingWith("no receiver came within the time given: name=none,"
                            + " timeout=50 ms: looked in ");
        }
        try (NamedSender<String> sender = NamedSender.open("none", String.class,
                NamedOptions.defaults().withUnreceived(Unreceived.FAIL))) {
            assertThatThrownBy(() -> sender.send("x")).isInstanceOf(NoReceiver.class).hasNoCause()
                    .hasMessageStartingWith("there is no receiver, and nothing was sent: name=none:"
                            + " looked in ");
        }
    }

    @Test
    void endsThatWereClosedSayTheirName() throws Exception {
        NamedSender<String> sender = NamedSender.open("a", String.class);
        NamedReceiver<String> receiver = NamedReceiver.open("a", String.class);
        NamedCaller<String, String> caller = NamedCaller.open("a", String.class, String.class);
        NamedSignal signal = NamedSignal.open("a");
        sender.close();
        receiver.close();
        caller.close();
        signal.close();

        assertThatThrownBy(() -> sender.send("x")).isInstanceOf(EndClosed.class)
                .hasMessage("this sender was closed: name=a, type=String");
        assertThatThrownBy(() -> sender.waitUntilReady(SHORT)).isInstanceOf(EndClosed.class)
                .hasMessage("this sender was closed: name=a: open the name again");
        assertThatThrownBy(receiver::receive).isInstanceOf(EndClosed.class)
                .hasMessage("this receiver was closed: name=a: open the name again");
        assertThatThrownBy(() -> caller.call("x")).isInstanceOf(EndClosed.class)
                .hasMessage("this caller was closed: name=a: open the name again");
        assertThatThrownBy(() -> caller.waitUntilReady(SHORT)).isInstanceOf(EndClosed.class)
                .hasMessage("this caller was closed: name=a: open the name again");
        assertThatThrownBy(() -> signal.await(1)).isInstanceOf(EndClosed.class)
                .hasMessage("this signal was closed: name=a: open the name again");
    }

    @Test
    void noActionIsTakenByAnEndThatWasClosed() throws Exception {
        NamedSender<String> sender = NamedSender.open("a", String.class);
        NamedReceiver<String> receiver = NamedReceiver.open("a", String.class);
        NamedCaller<String, String> caller = NamedCaller.open("a", String.class, String.class);
        sender.close();
        receiver.close();
        caller.close();

        for (Runnable late : new Runnable[]{() -> sender.onJoin(_ -> {}),
            () -> sender.onLeave(_ -> {}), () -> receiver.onJoin(_ -> {}),
            () -> receiver.onLeave(_ -> {}), () -> caller.onJoin(_ -> {}),
            () -> caller.onLeave(_ -> {})}) {
            assertThatThrownBy(late::run).isInstanceOf(EndClosed.class)
                    .hasMessageContaining("was closed: name=a: open the name again");
        }
    }

    @Test
    void receiverThatHasLeftSaysSo() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("a", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("a", String.class)) {
            sender.send("x");
            assertThat(receiver.receive()).isEqualTo("x");

            receiver.leave();

            assertThatThrownBy(receiver::receive).isInstanceOf(Disconnected.class)
                    .hasMessage("this receiver has left, and all that was sent to it has been"
                            + " received: name=a: open the name again for more");
            assertThat(receiver).asString().contains("has left").doesNotContain("open")
                    .doesNotContain("has sent yet");
        }
    }

    @Test
    void receiverWhoseSendersHaveGoneDoesNotSayThatNoneHasSent() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("a", String.class)) {
            try (NamedSender<String> sender = NamedSender.open("a", String.class)) {
                sender.send("x");
            }
            assertThat(receiver.receive()).isEqualTo("x");

            assertThatThrownBy(() -> receiver.receive(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("name=a").hasMessageContaining("no sender is there")
                    .hasMessageNotContaining("no sender has sent yet");
            assertThat(receiver).asString().contains("no sender is left that has sent");
        }
    }

    @Test
    void waitThatACloseEndsDoesNotReportSendersAsGone() throws Exception {
        NamedReceiver<String> receiver = NamedReceiver.open("a", String.class);
        Waits<Throwable> wait = Waits.in(() -> catchThrowable(receiver::receive));
        Waits<Throwable> _ = wait.asleep();

        receiver.close();

        assertThat(wait.value()).isInstanceOf(EndClosed.class)
                .hasMessage("this receiver was closed: name=a: open the name again");
    }

    @Test
    void leaveAfterACloseHasNothingToDo() throws Exception {
        try (CaughtLog log = CaughtLog.listen();
                NamedSender<String> sender = NamedSender.open("a", String.class)) {
            NamedReceiver<String> receiver = NamedReceiver.open("a", String.class);
            assertThat(sender.receiverCount()).isEqualTo(1);

            receiver.close();
            receiver.leave();

            assertThat(receiver.senderCount()).isZero();
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void messageThatIsTooLongSaysWhoseLimitItIs() throws Exception {
        try (NamedReceiver<String> _ = NamedReceiver.open("a", String.class, SMALL);
                NamedSender<String> sender = NamedSender.open("a", String.class)) {
            assertThatThrownBy(() -> sender.send("x".repeat(3000)))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageMatching("a message is longer than a receiver takes: name=a,"
                            + " type=String, length=3000, limit=2000, receiver: pid=" + OWN
                            + " \\(.+\\): open it with NamedOptions\\.withChannel\\(ChannelOptions"
                            + "\\.defaults\\(\\)\\.withMaxMessage\\(3000\\)\\), or up to"
                            + " 1073741824");
        }
        try (NamedReceiver<String> _ = NamedReceiver.open("a", String.class);
                NamedSender<String> sender = NamedSender.open("a", String.class, SMALL)) {
            assertThatThrownBy(() -> sender.send("x".repeat(3000)))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessage("a message is longer than this sender takes: name=a, type=String,"
                            + " length=3000, limit=2000: open it with NamedOptions.withChannel("
                            + "ChannelOptions.defaults().withMaxMessage(3000)), or up to"
                            + " 1073741824");
        }
    }

    @Test
    void questionThatIsTooLongSaysWhichServerTakesNoMore() throws Exception {
        try (NamedService _ = NamedService.serve("a", String.class, String.class,
                (word, _) -> word, SMALL);
                NamedCaller<String, String> caller =
                        NamedCaller.open("a", String.class, String.class)) {
            assertThatThrownBy(() -> caller.call("x".repeat(3000)))
                    .isInstanceOf(MessageTooLarge.class)
                    .hasMessageMatching("a question is longer than a server takes: name=a,"
                            + " type=String, length=30\\d\\d, limit=2000, server: pid=" + OWN
                            + " \\(.+\\): open it with NamedOptions\\.withChannel\\(ChannelOptions"
                            + "\\.defaults\\(\\)\\.withMaxMessage\\(30\\d\\d\\)\\), or up to"
                            + " 1073741824");
        }
    }

    @Test
    void answerThatIsTooLongSaysWhichCallerTakesNoMore() throws Exception {
        try (NamedService _ = NamedService.serve("a", String.class, String.class,
                (word, _) -> word.repeat(1000));
                NamedCaller<String, String> caller =
                        NamedCaller.open("a", String.class, String.class, SMALL)) {
            assertThatThrownBy(() -> caller.call("xyz")).isInstanceOf(CallFailed.class)
                    .hasMessageMatching("server of a \\(pid=" + OWN + ", .+\\) failed to answer:"
                            + " dev\\.ipcchannel\\.MessageTooLarge: an answer is longer than a"
                            + " caller takes: name=a, type=String, length=30\\d\\d, limit=2000,"
                            + " caller: pid=" + OWN + " \\(.+\\): open it with NamedOptions\\."
                            + "withChannel\\(ChannelOptions\\.defaults\\(\\)\\.withMaxMessage"
                            + "\\(30\\d\\d\\)\\), or up to 1073741824");
        }
    }

    @Test
    void receiverThatIsNotReadySaysThatItHasNoHeartbeat() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("mix", String.class);
                NamedSender<String> sender = NamedSender.open("mix", String.class)) {
            assertThatThrownBy(() -> sender.waitUntilReady(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageMatching(
                            "too few receivers are ready within the time given: name=mix,"
                                    + " wanted=1, ready=0, there=1, timeout=50 ms: pid=" + OWN
                                    + " \\(.+\\) has no heartbeat: have it call startHeartbeat");
            try (Heartbeat _ = receiver.startHeartbeat(Duration.ofMillis(20))) {
                assertThatThrownBy(() -> sender.waitUntilReady(2, SHORT))
                        .isInstanceOf(TimedOut.class)
                        .hasMessageStartingWith("too few receivers are ready within the time given:"
                                + " name=mix, wanted=2, ready=1, there=1, timeout=50 ms: looked"
                                + " in");
            }
        }
    }

    @Test
    void waitForAReceiverThatDoesNotAnswerNamesItsProcess() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("odd", String.class);
                Silent silent = Silent.registered("odd")) {
            assertThatThrownBy(() -> sender.waitForReceivers(1, SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessage("there are too few receivers within the time given: name=odd,"
                            + " wanted=1, there=0, timeout=50 ms: receiver pid=" + OWN + " ("
                            + silent.program()
                            + ") has this name open and does not answer: let it go"
                            + " on if it is stopped, see its log if it is not, or end it");
        }
    }

    /// The entry of a receiver whose process never answers.
    private record Silent(Member member, String program) implements AutoCloseable {

        static Silent registered(String name) throws Exception {
            String program = "Odd";
            Member member = Member.open(NameKind.CHANNEL, name, "", "", program, new Role() {
                @Override
                public String word() {
                    return "receiver";
                }

                @Override
                public String counterpartWord() {
                    return "nobody"; // so it connects with none, and each greeting is refused
                }

                @Override
                public boolean offer(Counterpart counterpart, Transfer transfer) {
                    return false;
                }

                @Override
                public String takeUp(Counterpart counterpart, Transfer offered) {
                    return ENDS;
                }

                @Override
                public void disconnect(Counterpart counterpart) {
                    // there is none
                }
            });
            return new Silent(member, program);
        }

        @Override
        public void close() {
            member.close();
        }
    }

    @Test
    void receiverThatIsClosedByItselfIsCountedNoMore() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("a", String.class);
                NamedReceiver<String> receiver = NamedReceiver.open("a", String.class)) {
            assertThat(sender.receiverCount()).isEqualTo(1);

            receiver.receiver().close();

            while (sender.receiverCount() > 0) {
                Thread.onSpinWait(); // its connection ends, which the connecting thread notices
            }
            assertThat(NamedDirectory.list()).extracting(NamedMember::role)
                    .containsExactly("sender");
            assertThatThrownBy(() -> sender.send("x", SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("no receiver came within the time given: name=a");
        }
    }

    record WithEnd(String word, Sender<String> answers) {}

    record WithBytes(String word, SharedBytes bytes) {}

    @Test
    void typeWithEndsIsRefusedByTheOpeningOfAChannel() throws Exception {
        assertThatThrownBy(() -> NamedSender.open("a", WithEnd.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ends of channels cannot go along in a message to many, since each has"
                        + " one place: name=a, type=WithEnd, end=WithEnd.answers: ask a service"
                        + " (NamedCaller), whose questions and answers can have some");
        assertThatThrownBy(() -> NamedReceiver.open("a", WithEnd.class))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IpcChannel.open(ChannelType.CHANNEL, "a", ConnMode.SENDER,
                WithEnd.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ends of channels cannot go along in a"
                        + " message to many, since each has one place: name=a, type=WithEnd,"
                        + " end=WithEnd.answers: ");
        NamedChannel.open("a", WithBytes.class).close();
    }

    record Order(@Nullable String item, int count) {}

    @Test
    void messageThatCannotBeWrittenOrReadSaysTheName() throws Exception {
        Codec<String> fussy = new Codec<>() {
            @Override
            public void encode(String word, Encoder out) {
                out.putString(word);
            }

            @Override
            public String decode(Decoder in) {
                throw new IllegalStateException("it cannot read " + in.getString());
            }
        };
        try (NamedReceiver<Order> _ = NamedReceiver.open("a", Order.class);
                NamedSender<Order> sender = NamedSender.open("a", Order.class);
                NamedReceiver<String> receiver =
                        NamedReceiver.open("b", fussy, NamedOptions.defaults());
                NamedSender<String> words =
                        NamedSender.open("b", fussy, NamedOptions.defaults())) {
            assertThatThrownBy(() -> sender.send(new Order(null, 1)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("name=a: Order.item is null: use Optional");
            assertThatThrownBy(() -> sender.trySend(new Order(null, 1)))
                    .isInstanceOf(CodecFailed.class)
                    .hasMessage("name=a: Order.item is null: use Optional");
            assertThatThrownBy(() -> sender.claim(5)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this channel's are Order, name=a,");
            words.send("tea");
            assertThatThrownBy(receiver::receive).isInstanceOf(CodecFailed.class)
                    .hasMessage("name=b: a message could not be read: it cannot read tea");
        }
    }

    @Test
    void serviceThatEndsWhileACallerWaitsNamesTheCaller() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (CaughtLog log = CaughtLog.listen();
                NamedService service = NamedService.serve("a", String.class, String.class,
                        (_, _) -> {
                            begun.countDown();
                            Thread.sleep(Duration.ofDays(1));
                            return "";
                        });
                NamedCaller<String, String> caller =
                        NamedCaller.open("a", String.class, String.class)) {
            CompletableFuture<String> answer = caller.send("x");
            begun.await();

            service.close(SHORT);

            assertThat(answer).failsWithin(Children.PATIENCE);
            assertThat(log.lines()).singleElement().asString().matches("a service has ended while"
                    + " callers waited for answers: name=a, caller pid=" + OWN + " \\(.+\\),"
                    + " grace=50 ms: give its close more time, or have its handlers take less");
        }
    }

    @Test
    void programIsTheClassOrJarOrSourceFileThatRuns() {
        assertThat(Opening.program("app.Prices one two")).isEqualTo("app.Prices");
        assertThat(Opening.program("")).isEmpty();
        assertThat(Opening.program("jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher"
                + " src/Bad.java x")).isEqualTo("Bad.java");
    }

    @Test
    void serverThatACallHasLostIsMetAnewWhileItIsThere() throws Exception {
        Service.Codecs<String, String> codecs = Service.of("a", TypeToken.of(String.class),
                TypeToken.of(String.class));
        CallerRole<String, String> servers = new CallerRole<>(codecs, NamedOptions.defaults());
        try (NamedService service = NamedService.serve("a", String.class, String.class,
                (word, _) -> word);
                Member caller = Opening.member(NameKind.SERVICE, "a", codecs.whole(), servers)) {
            Server<String, String> first =
                    requireNonNull(servers.take(Deadline.NEVER, () -> false));
            servers.lose(first);
            servers.asked(first);
            servers.release(first);

            Server<String, String> again =
                    requireNonNull(servers.take(Deadline.NEVER, () -> false));

            assertThat(again).isNotSameAs(first);
            assertThat(servers.heartbeats().isReadyBy(caller, 1, Deadline.NEVER)).isTrue();
            try (Parts<ServerMessage<String>> parts = again.caller().stream("x")) {
                assertThat(parts.next()).isInstanceOf(ServerMessage.Begun.class);
                assertThat(parts.next()).isEqualTo(new ServerMessage.Value<>("x"));
            }
            servers.end();
            assertThat(caller.name()).isEqualTo(service.name());
        }
    }
}
