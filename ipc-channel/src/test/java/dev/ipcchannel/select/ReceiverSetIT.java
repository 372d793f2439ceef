package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.Choir;
import dev.ipcchannel.testing.children.ChoirChild;
import dev.ipcchannel.testing.children.EchoChild;
import dev.ipcchannel.testing.children.SelectingChild;
import dev.ipcchannel.testing.children.SelectingChild.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Sets of receivers while the processes at the other ends, or the set's own, are killed, stopped
/// or flooding.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceiverSetIT {

    private static final int VOICES = 3;
    private static final int COUNT = 50; // fit the ring
    private static final int ROUNDS = 10;
    private static final int FLOOD = 100_000;
    // Rounds between two looks at parked members, and messages of one member in a round.
    private static final int MOST_BETWEEN = 16 * 64;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void selectionThatWaitsLearnsOfAKilledMemberOnceAndTheOthersGoOn() throws Exception {
        try (Channel<Long> other = Channel.create(Long.class);
                ReceiverSet<Long> set = ReceiverSet.open()) {
            ChildJvm child = start(set, COUNT);
            set.add(other.receiver());
            List<ReceiverEvent<Long>> events = take(set, VOICES * COUNT);
            assertThat(events).allMatch(ReceiverEvent.Message.class::isInstance);
            Waits<List<ReceiverEvent<Long>>> select = Waits.in(set::select).asleep();

            child.kill();

            List<ReceiverEvent<Long>> ends = new ArrayList<>(select.value());
            while (ends.size() < VOICES) {
                ends.addAll(set.select());
            }
            assertClosedOnceEach(ends, child);
            assertThat(set.count()).isEqualTo(1);
            Waits<List<ReceiverEvent<Long>>> next = Waits.in(set::select).asleep();
            other.sender().send(7L);
            assertThat(next.value())
                    .containsExactly(new ReceiverEvent.Message<>(other.receiver(), 7L));
        }
    }

    @Test
    void whatAKilledMemberCommittedIsSelectedFirst() throws Exception {
        try (ReceiverSet<Long> set = ReceiverSet.open()) {
            ChildJvm child = start(set, COUNT);
            child.kill();

            List<ReceiverEvent<Long>> events = take(set, VOICES * (COUNT + 1));

            for (Receiver<?> voice : events.stream().map(ReceiverEvent::receiver).distinct()
                    .toList()) {
                List<ReceiverEvent<Long>> own = events.stream()
                        .filter(event -> event.receiver() == voice).toList();
                for (int i = 0; i < COUNT; i++) {
                    assertThat(own.get(i))
                            .isEqualTo(
                                    new ReceiverEvent.Message<>(own.get(i).receiver(), (long) i));
                }
            }
            assertClosedOnceEach(events.stream()
                    .filter(event -> !(event instanceof ReceiverEvent.Message)).toList(), child);
            assertThat(set.trySelect()).isEmpty();
            assertThat(set.isEmpty()).isTrue();
        }
    }

    @Test
    void quietMembersAreSelectedThroughAFlood() throws Exception {
        try (OneShotServer<Choir> server = OneShotServer.open(Choir.class);
                ReceiverSet<Long> set = ReceiverSet.open()) {
            ChildJvm child = children.start(ChoirChild.class, server.name(),
                    Integer.toString(VOICES), ChoirChild.Manner.SOLO.name(),
                    Integer.toString(FLOOD));
            Choir choir = server.accept(child.process(), Children.PATIENCE);
            choir.voices().forEach(set::add);
            long loud = 0;
            int quiet = 0;
            while (!set.isEmpty()) {
                for (ReceiverEvent<Long> event : set.select(Children.PATIENCE)) {
                    if (event instanceof ReceiverEvent.Closed) {
                        event.receiver().close();
                    } else if (event instanceof ReceiverEvent.Message<Long>(var from, var number)) {
                        if (from == choir.voices().getFirst()) {
                            assertThat(number).isEqualTo(loud++);
                        } else { // its bell rang before the flooding member's next number
                            assertThat(loud - number).isLessThanOrEqualTo(MOST_BETWEEN + 2 * 64);
                            quiet++;
                        }
                    }
                }
            }
            assertThat(loud).isEqualTo(FLOOD);
            assertThat(quiet).isEqualTo(FLOOD / ChoirChild.APART);
            child.awaitExit(0);
        }
    }

    @Test
    void stoppedProcessGoesOnSelecting() throws Exception {
        try (OneShotServer<Lines> server = OneShotServer.open(Lines.class)) {
            ChildJvm child = children.start(SelectingChild.class, server.name());
            Lines lines = server.accept(child.process(), Children.PATIENCE);
            for (int i = 0; i < ROUNDS; i++) {
                Sender<String> sender = i % 2 == 0 ? lines.first() : lines.second();
                awaitAsleep(child, "selecting");
                child.signal("STOP");
                awaitState(child, "selecting", "T");
                if (i % 3 == 0) {
                    sender.send("while stopped");
                    child.signal("CONT");
                    assertThat(lines.echoes().receive(Children.PATIENCE))
                            .isEqualTo("while stopped");
                } else {
                    child.signal("CONT");
                }
                sender.send("message " + i);
                assertThat(lines.echoes().receive(Children.PATIENCE)).isEqualTo("message " + i);
            }
            lines.first().close();
            lines.second().close();
            child.awaitExit(0);
            lines.echoes().close();
        }
    }

    @Test
    void stoppedMemberIsNotADeadOne() throws Exception {
        try (Conversation talk = children.converse(EchoChild.class, "4096");
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(talk.fromChild());
            for (int i = 0; i < ROUNDS; i++) {
                talk.child().signal("STOP");
                Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();
                talk.toChild().send("message " + i);
                assertThat(talk.fromChild().isConnected()).isTrue();
                assertThat(select.result()).as("nothing is taken for dead").isNotDone();

                talk.child().signal("CONT");

                assertThat(select.value()).containsExactly(
                        new ReceiverEvent.Message<>(talk.fromChild(), "message " + i));
                assertThat(set.trySelect()).isEmpty();
            }
            talk.toChild().close();
            talk.child().awaitExit(0);
            assertThat(set.select(Children.PATIENCE)).singleElement()
                    .isInstanceOf(ReceiverEvent.Closed.class);
        }
    }

    @Test
    void receiverThatArrivesInAMessageIsSelectedAtOnce() throws Exception {
        try (OneShotServer<Choir> server = OneShotServer.open(Choir.class);
                Channel<Choir> choirs = Channel.create(Choir.class);
                ReceiverSet<Object> set = ReceiverSet.open()) {
            set.add(choirs.receiver());
            ChildJvm child = children.command().piped().start(ChoirChild.class, server.name(),
                    Integer.toString(VOICES), ChoirChild.Manner.BURST.name(),
                    Integer.toString(COUNT));
            choirs.sender().send(server.accept(child.process(), Children.PATIENCE));
            int messages = 0;
            while (messages < VOICES * COUNT) {
                for (ReceiverEvent<Object> event : set.select(Children.PATIENCE)) {
                    switch (event) {
                        case ReceiverEvent.Message(_, Choir choir) ->
                                choir.voices().forEach(set::add);
                        case ReceiverEvent.Message(_, Object _) -> messages++;
                        default -> throw new AssertionError(event);
                    }
                }
            }
            child.cue();
            child.awaitExit(0);
            while (set.count() > 1) {
                set.select(Children.PATIENCE).forEach(event -> event.receiver().close());
            }
        }
    }

    /// Starts a child that sends `count` numbers on each of its voices, which come into `set`, and
    /// waits until it has.
    private ChildJvm start(ReceiverSet<Long> set, int count) throws Exception {
        try (OneShotServer<Choir> server = OneShotServer.open(Choir.class)) {
            ChildJvm child = children.command().piped().start(ChoirChild.class, server.name(),
                    Integer.toString(VOICES), ChoirChild.Manner.BURST.name(),
                    Integer.toString(count));
            server.accept(child.process(), Children.PATIENCE).voices().forEach(set::add);
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("sung");
            return child;
        }
    }

    private static List<ReceiverEvent<Long>> take(ReceiverSet<Long> set, int count)
            throws InterruptedException {
        List<ReceiverEvent<Long>> events = new ArrayList<>();
        while (events.size() < count) {
            events.addAll(set.select());
        }
        return events;
    }

    private static void assertClosedOnceEach(List<ReceiverEvent<Long>> ends, ChildJvm child) {
        assertThat(ends).hasSize(VOICES).allSatisfy(event -> assertThat(event)
                .isInstanceOfSatisfying(ReceiverEvent.Closed.class, closed -> assertThat(
                        closed.cause()).isInstanceOf(Disconnected.class)
                        .hasMessageContaining("pid=" + child.pid())
                        .hasMessageContaining("exit=137 (SIGKILL)")));
        assertThat(ends).extracting(ReceiverEvent::receiver).doesNotHaveDuplicates();
        ends.forEach(event -> event.receiver().close());
    }

    private static void awaitAsleep(ChildJvm child, String thread) {
        awaitState(child, thread, "S");
    }

    private static void awaitState(ChildJvm child, String thread, String state) {
        await("thread is " + state).atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(1))
                .until(() -> stateOf(child, thread).equals(state));
    }

    /// The kernel's letter for the state of a thread of the child.
    private static String stateOf(ChildJvm child, String thread) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + child.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                // "number (name) state ..."
                String stat = Files.readString(task.resolve("stat"));
                int end = stat.lastIndexOf(')');
                if (stat.substring(stat.indexOf('(') + 1, end).equals(thread)) {
                    return stat.substring(end + 2, end + 3);
                }
            }
            return "";
        }
    }
}
