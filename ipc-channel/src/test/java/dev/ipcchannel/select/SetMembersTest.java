package dev.ipcchannel.select;

import static dev.ipcchannel.testing.Selections.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Channel;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.InProcess;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Receivers that join and leave a set, and sets that are closed, while threads select.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SetMembersTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void memberClosedByItsOwnProcessIsSelectedAsClosedOnce() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            channel.receiver().close();

            assertThat(select.value()).singleElement().isInstanceOfSatisfying(
                    ReceiverEvent.Closed.class,
                    closed -> assertThat(closed.cause()).isInstanceOf(EndClosed.class));
            assertThat(set.trySelect()).isEmpty();
        }
    }

    @Test
    void memberCanNeitherBeReceivedFromNorMovedNorAddedTwice() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                Channel<Receiver<String>> carrier =
                        Channel.create(new TypeToken<Receiver<String>>() {});
                ReceiverSet<String> set = ReceiverSet.open();
                ReceiverSet<String> other = ReceiverSet.open()) {
            set.add(channel.receiver());

            assertThatThrownBy(channel.receiver()::tryReceive)
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("to a set");
            assertThatThrownBy(() -> carrier.sender().send(channel.receiver()))
                    .isInstanceOf(CodecFailed.class).hasMessageContaining("to a set");
            assertThatThrownBy(channel.receiver()::erase)
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("to a set");
            assertThatThrownBy(() -> other.add(channel.receiver()))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("to a set");
            assertThat(other.isEmpty()).isTrue();
        }
    }

    @Test
    void removedReceiverKeepsWhatWasNotSelectedAndIsReceivedFromAgain() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            assertThat(set.trySelect()).isEmpty();
            channel.sender().send("for the receiver");

            assertThat(set.remove(channel.receiver())).isTrue();

            assertThat(set.trySelect()).isEmpty();
            assertThat(channel.receiver().receive()).isEqualTo("for the receiver");
            assertThat(set.remove(channel.receiver())).isFalse();
            Waits<String> receive = Waits.in(channel.receiver()::receive).asleep();
            channel.sender().send("later");
            assertThat(receive.value()).isEqualTo("later");
        }
    }

    @Test
    void removalWhileAnotherThreadSelectsDisturbsNothing() throws Exception {
        try (Channel<String> stays = Channel.create(String.class);
                Channel<String> goes = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(stays.receiver());
            set.add(goes.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            assertThat(set.remove(goes.receiver())).isTrue();
            goes.sender().send("not for the set");
            assertThat(goes.receiver().receive()).isEqualTo("not for the set");
            stays.sender().send("for the set");

            assertThat(select.value()).containsExactly(message(stays, "for the set"));
        }
    }

    @Test
    void receiverAddedWhileAnotherThreadSelectsIsFound() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            channel.sender().send("early");
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            set.add(channel.receiver());

            assertThat(select.value()).containsExactly(message(channel, "early"));
        }
    }

    @Test
    void questionsAboutAMemberTakeNoWakeUpAway() throws Exception {
        try (Channel<Integer> channel = Channel.create(Integer.class);
                ReceiverSet<Integer> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            Waits<Void> asking = Waits.run(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    assertThat(channel.receiver().isConnected()).isTrue();
                    assertThat(channel.receiver().toString()).contains("open");
                }
            });
            for (int i = 0; i < 2000; i++) {
                channel.sender().send(i);
                assertThat(set.select(Children.PATIENCE)).containsExactly(message(channel, i));
            }
            asking.thread().interrupt();
            asking.value();
        }
    }

    @Test
    void closedSetWakesItsSelectionAndLeavesItsReceiversOpen() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            ReceiverSet<String> set = ReceiverSet.open();
            set.add(channel.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            set.close();

            select.failure().isInstanceOf(EndClosed.class);
            assertThatThrownBy(set::trySelect).isInstanceOf(EndClosed.class);
            assertThatThrownBy(() -> set.add(channel.receiver())).isInstanceOf(EndClosed.class);
            channel.sender().send("still open");
            assertThat(channel.receiver().receive()).isEqualTo("still open");
            set.close();
        }
    }

    @Test
    void interruptEndsASelectionAndLosesNothing() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            select.thread().interrupt();

            select.failure().isInstanceOf(InterruptedException.class);
            channel.sender().send("afterwards");
            assertThat(set.select()).containsExactly(message(channel, "afterwards"));
        }
    }

    @Test
    void secondThreadThatSelectsIsRefused() throws Exception {
        try (Channel<String> channel = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(channel.receiver());
            Waits<List<ReceiverEvent<String>>> select = Waits.in(set::select).asleep();

            assertThatThrownBy(set::trySelect).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("one thread at a time");

            channel.sender().send("for the first");
            assertThat(select.value()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void membersComeAndGoUnderTraffic(int talkers) throws Exception {
        try (ReceiverSet<Integer> set = ReceiverSet.open()) {
            List<Channel<Integer>> channels = IntStream.range(0, talkers)
                    .mapToObj(_ -> Channel.create(Integer.class)).toList();
            channels.forEach(channel -> set.add(channel.receiver()));
            int rounds = 1000;
            Waits<Void> sending = Waits.run(() -> {
                for (int i = 0; i < rounds; i++) {
                    for (Channel<Integer> channel : channels) {
                        channel.sender().send(i);
                    }
                }
                channels.forEach(channel -> channel.sender().close());
            });
            Waits<Void> comingAndGoing = Waits.run(() -> {
                while (!sending.result().isDone()) {
                    try (Channel<Integer> passing = Channel.create(Integer.class)) {
                        set.add(passing.receiver());
                        passing.sender().send(-1);
                        set.remove(passing.receiver());
                    }
                }
            });
            Map<Receiver<?>, Integer> next = new HashMap<>();
            Set<Receiver<?>> ended = new HashSet<>();
            while (ended.size() < talkers) {
                for (ReceiverEvent<Integer> event : set.select()) {
                    if (event instanceof ReceiverEvent.Message<Integer>(var from, Integer number)
                            && number >= 0) {
                        assertThat(number).isEqualTo(next.getOrDefault(from, 0));
                        next.put(from, number + 1);
                    } else if (event instanceof ReceiverEvent.Closed<Integer>(var from, _)
                            && channels.stream().anyMatch(each -> each.receiver() == from)) {
                        ended.add(from);
                    }
                }
            }
            assertThat(next.values()).hasSize(talkers).containsOnly(rounds);
            sending.value();
            comingAndGoing.value();
            channels.forEach(Channel::close);
        }
    }

    @Test
    void messageThatATestHoldsBackIsSelectedInTime() throws Exception {
        try (InProcess<String> slow = InProcess.open(String.class);
                Channel<String> quick = Channel.create(String.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(slow.receiver());
            set.add(quick.receiver());
            slow.delay(Duration.ofMillis(50));
            long start = System.nanoTime();
            slow.sender().send("slow");
            quick.sender().send("quick");

            List<ReceiverEvent<String>> selected = new ArrayList<>(set.select());
            while (selected.size() < 2) { // both at once, if this thread was delayed that long
                selected.addAll(set.select());
            }

            assertThat(selected).containsExactlyInAnyOrder(message(quick, "quick"),
                    message(slow.channel(), "slow"));
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        }
    }

    @Test
    void forgottenSetLetsItsReceiversGo() throws Exception {
        try (Channel<String> channel = Channel.create(String.class)) {
            addToSetThatIsForgotten(channel.receiver());
            channel.sender().send("for whoever receives");

            String message = null;
            while (message == null) {
                System.gc();
                try {
                    message = channel.receiver().tryReceive();
                } catch (IllegalStateException _) { // it is still in the set
                    Thread.onSpinWait();
                }
            }

            assertThat(message).isEqualTo("for whoever receives");
        }
    }

    private static void addToSetThatIsForgotten(Receiver<String> receiver) {
        ReceiverSet<String> set = ReceiverSet.open();
        set.add(receiver);
        assertThat(set.trySelect()).isEmpty();
    }
}
