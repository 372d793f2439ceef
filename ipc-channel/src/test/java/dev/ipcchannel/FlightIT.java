package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Flights;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.EchoChild;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.LaneFault;
import dev.ipcchannel.testing.children.LaneFaultChild;
import dev.ipcchannel.testing.children.RecordingChild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The events of flight recordings about channels.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlightIT {

    private static final Duration LONG_WAIT = Duration.ofMillis(50); // beyond the threshold
    private static final int CAPACITY = 4096;
    private static final int LONG = 100_000;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void pathOfAMessageIsInTheRecordingsOfBothProcessesByLaneIdAndPosition() throws Exception {
        Path childsFile = children.directory().resolve("child.jfr");
        List<RecordedEvent> sent;
        List<RecordedEvent> received;
        try (Conversation talk = children.converse(RecordingChild.class, childsFile.toString())) {
            exchange(talk, "before the recording");
            Recording late = Flights.start();
            exchange(talk, "x".repeat(7));
            exchange(talk, "x".repeat(LONG)); // beside the ring
            sent = Flights.dump(late, file(), "MessageSent");
            received = Flights.events(file(), "MessageReceived");
            late.close();
            talk.toChild().close();
            talk.child().awaitExit(0);
        }

        assertThat(sent).extracting(event -> event.getLong("length"))
                .containsExactly(7L, (long) LONG);
        assertThat(Flights.events(childsFile, "MessageReceived"))
                .extracting(FlightIT::path).containsSubsequence(paths(sent));
        assertThat(Flights.events(childsFile, "MessageSent"))
                .extracting(FlightIT::path).containsSubsequence(paths(received));
        assertThat(path(sent.getFirst())).isNotEqualTo(path(received.getFirst()));
    }

    @Test
    void lanesOpenAndCloseOnBothSidesUnderOneId() throws Exception {
        Path childsFile = children.directory().resolve("child.jfr");
        try (Recording recording = Flights.start();
                Conversation talk = children.converse(RecordingChild.class,
                        childsFile.toString())) {
            exchange(talk, "hello");
            talk.toChild().close();
            talk.child().awaitExit(0);
            assertThatThrownBy(talk.fromChild()::receive).isInstanceOf(Disconnected.class);

            List<RecordedEvent> sent = Flights.dump(recording, file(), "MessageSent");

            long id = sent.getLast().getLong("laneId");
            assertThat(id).isNotZero();
            RecordedEvent here = ofLane(Flights.events(file(), "ChannelOpen"), id);
            assertThat(here.getString("side")).isEqualTo("sender");
            assertThat(here.getLong("pid")).isEqualTo(talk.child().pid());
            assertThat(here.getString("messageType")).isEqualTo("string");
            assertThat(here.getLong("capacity")).isEqualTo(64 * 1024);
            RecordedEvent there = ofLane(Flights.events(childsFile, "ChannelOpen"), id);
            assertThat(there.getString("side")).isEqualTo("receiver");
            assertThat(there.getLong("pid")).isEqualTo(ProcessHandle.current().pid());
            assertThat(ofLane(Flights.events(file(), "ChannelClose"), id).getString("reason"))
                    .isEqualTo("closed here");
            assertThat(ofLane(Flights.events(childsFile, "ChannelClose"), id)
                    .getString("reason")).isEqualTo("the sender was closed");
            assertThat(Flights.events(childsFile, "PeerDeath")).isEmpty();
        }
    }

    @Test
    void deathOfTheOtherProcessIsRecordedOnceOnEachLane() throws Exception {
        try (Recording recording = Flights.start();
                Conversation talk = children.converse(EchoChild.class)) {
            exchange(talk, "hello");
            talk.child().kill();
            assertThatThrownBy(() -> talk.fromChild().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
            await("the sender learns").atMost(Children.PATIENCE)
                    .until(() -> !talk.toChild().isConnected());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> talk.toChild().send("too late"))
                        .isInstanceOf(Disconnected.class);
                assertThatThrownBy(talk.fromChild()::receive).isInstanceOf(Disconnected.class);
            }

            List<RecordedEvent> deaths = Flights.dump(recording, file(), "PeerDeath");

            assertThat(deaths).extracting(event -> event.getString("side"))
                    .containsExactlyInAnyOrder("receiver", "sender");
            assertThat(deaths).extracting(event -> event.getLong("pid"))
                    .containsOnly(talk.child().pid());
        }
    }

    @Test
    void longWaitForRoomIsOneLongBlock() throws Exception {
        try (Channel<String> channel = Channel.create(String.class, ChannelOptions.defaults()
                .withCapacity(CAPACITY).withWaitStrategy(WaitStrategy.BLOCK));
                Recording recording = Flights.start()) {
            while (channel.sender().trySend("") == SendOutcome.SENT) {
                // one more
            }
            Waits<Void> send = Waits.run(() -> channel.sender().send("waits")).asleep();
            await("a long wait").atMost(Children.PATIENCE).until(
                    () -> channel.sender().stats().blocked().compareTo(LONG_WAIT) > 0);
            for (String message = ""; message.isEmpty();) {
                message = channel.receiver().receive(Children.PATIENCE);
            }
            send.value();

            List<RecordedEvent> blocks = Flights.dump(recording, file(), "LongBlock");

            long lane = Flights.events(file(), "MessageSent").getFirst().getLong("laneId");
            assertThat(blocks).singleElement().satisfies(block -> {
                assertThat(block.getString("waitedFor")).isEqualTo("room");
                assertThat(block.getLong("laneId")).isEqualTo(lane);
                assertThat(block.getString("messageType")).isEqualTo("string");
                assertThat(block.getThread().getJavaName()).isEqualTo(send.thread().getName());
                assertThat(block.getDuration()).isGreaterThan(LONG_WAIT);
                assertThat(block.getStackTrace().getFrames()).isNotEmpty();
            });
        }
    }

    @Test
    void longWaitForAnotherThreadsTurnIsOneLongBlock() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Recording recording = Flights.start()) {
            Waits<Void> send;
            try (Claim claim = channel.sender().claim(1)) {
                send = Waits.run(() -> channel.sender().send("waits")).asleep();
                await("a long wait").atMost(Children.PATIENCE).until(
                        () -> channel.sender().stats().blocked().compareTo(LONG_WAIT) > 0);
                claim.commit();
            }
            send.value();

            List<RecordedEvent> blocks = Flights.dump(recording, file(), "LongBlock");

            assertThat(blocks).singleElement().satisfies(block -> assertThat(
                    block.getString("waitedFor")).isEqualTo("turn"));
        }
    }

    @Test
    void shortWaitsAreRecordedWhereTheSettingsSaySo() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Recording recording = Flights.startWithShortWaits()) {
            assertThatThrownBy(() -> channel.receiver().receive(Duration.ofMillis(1)))
                    .isInstanceOf(TimedOut.class);

            List<RecordedEvent> blocks = Flights.dump(recording, file(), "LongBlock");

            assertThat(blocks).isNotEmpty().allSatisfy(
                    block -> assertThat(block.getString("waitedFor")).isEqualTo("message"));
        }
    }

    @Test
    void spillIsRecordedWhereItIsSent() throws Exception {
        try (Channel<byte[]> channel = Channel.create(byte[].class,
                ChannelOptions.defaults().withCapacity(CAPACITY));
                Recording recording = Flights.start()) {
            channel.sender().send(new byte[1]);
            channel.sender().send(new byte[LONG]);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(1);
            assertThat(channel.receiver().receive(Children.PATIENCE)).hasSize(LONG);

            List<RecordedEvent> spills = Flights.dump(recording, file(), "Spill");

            assertThat(spills).singleElement().satisfies(spill -> {
                assertThat(spill.getLong("length")).isEqualTo(LONG);
                assertThat(spill.getLong("capacity")).isEqualTo(128 * 1024);
                assertThat(spill.getLong("position")).isEqualTo(64);
            });
        }
    }

    @Test
    void violationIsRecordedOnceWithTheLaneThatItWasOn() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> channel = Channel.create(String.class,
                        ChannelOptions.defaults().withCapacity(LaneFault.CAPACITY));
                Recording recording = Flights.start()) {
            ChildJvm child = children.command().piped().start(LaneFaultChild.class, server.name(),
                    LaneFault.UNKNOWN_RETIREMENT.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            talk.toChild().send(new Handover(channel.sender().share()));
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");
            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(ProtocolViolation.class);
            assertThat(channel.receiver().tryReceive()).isNull();
            child.cue();
            child.awaitExit(0);
            talk.toChild().close();
            talk.fromChild().close();

            List<RecordedEvent> violations =
                    Flights.dump(recording, file(), "ProtocolViolation");

            assertThat(violations).singleElement().satisfies(violation -> {
                assertThat(violation.getString("side")).isEqualTo("receiver");
                assertThat(violation.getString("message")).contains("spill file is unknown");
                assertThat(violation.getLong("laneId")).as("a hostile writer gives none").isZero();
            });
        }
    }

    @Test
    void messagesAreNotRecordedUnlessTheSettingsSaySo() throws Exception {
        try (Recording recording = new Recording();
                Channel<String> channel = Channel.create(String.class)) {
            recording.start();
            channel.sender().send("hello");
            assertThat(channel.receiver().receive(Children.PATIENCE)).isEqualTo("hello");

            List<RecordedEvent> opened = Flights.dump(recording, file(), "ChannelOpen");

            assertThat(opened).hasSize(2);
            assertThat(Flights.events(file(), "MessageSent")).isEmpty();
            assertThat(Flights.events(file(), "MessageReceived")).isEmpty();
        }
    }

    private Path file() {
        return children.directory().resolve("here.jfr");
    }

    private static void exchange(Conversation talk, String message) throws InterruptedException {
        talk.toChild().send(message);
        assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo(message);
    }

    private static RecordedEvent ofLane(List<RecordedEvent> events, long id) {
        List<RecordedEvent> found =
                events.stream().filter(event -> event.getLong("laneId") == id).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static String[] paths(List<RecordedEvent> events) {
        return events.stream().map(FlightIT::path).toArray(String[]::new);
    }

    private static String path(RecordedEvent event) {
        return "lane=%x, position=%d, length=%d".formatted(event.getLong("laneId"),
                event.getLong("position"), event.getLong("length"));
    }
}
