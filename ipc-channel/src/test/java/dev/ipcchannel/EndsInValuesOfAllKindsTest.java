package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends inside lists, maps, optionals and the cases of sealed interfaces, and as whole messages.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndsInValuesOfAllKindsTest {

    /// An answer with an end or without.
    sealed interface Answer {

        /// An answer with a sender.
        record Here(Sender<String> sender) implements Answer {}

        /// An answer with receivers in a list.
        record Moved(List<Receiver<String>> receivers) implements Answer {}

        /// An answer without an end.
        record Nowhere() implements Answer {}
    }

    @RegisterExtension
    final Children children = new Children();

    private static void assertArrives(Sender<String> sender, Channel<String> work, String text)
            throws InterruptedException {
        try (sender) {
            sender.send(text);
        }
        assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo(text);
    }

    @Test
    void endIsAWholeMessage() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Sender<String>> carrier =
                        Channel.create(new TypeToken<Sender<String>>() {})) {
            carrier.sender().send(work.sender());

            assertArrives(carrier.receiver().receive(Children.PATIENCE), work, "alone");
        }
    }

    @Test
    void endsInAListKeepTheirOrder() throws Exception {
        try (Channel<String> first = Channel.create(String.class);
                Channel<String> second = Channel.create(String.class);
                Channel<List<Sender<String>>> carrier =
                        Channel.create(new TypeToken<List<Sender<String>>>() {})) {
            carrier.sender().send(List.of(first.sender(), second.sender()));

            List<Sender<String>> arrived = carrier.receiver().receive(Children.PATIENCE);

            assertThat(arrived).hasSize(2);
            assertArrives(arrived.get(0), first, "to the first");
            assertArrives(arrived.get(1), second, "to the second");
        }
    }

    @Test
    void endsInAMapKeepTheirKeys() throws Exception {
        try (Channel<String> left = Channel.create(String.class);
                Channel<String> right = Channel.create(String.class);
                Channel<Map<String, Sender<String>>> carrier =
                        Channel.create(new TypeToken<Map<String, Sender<String>>>() {})) {
            carrier.sender().send(Map.of("left", left.sender(), "right", right.sender()));

            Map<String, Sender<String>> arrived = carrier.receiver().receive(Children.PATIENCE);

            assertThat(arrived).containsOnlyKeys("left", "right");
            arrived.forEach((key, sender) -> assertThat(sender.trySend("to the " + key))
                    .isEqualTo(SendOutcome.SENT));
            assertThat(left.receiver().receive(Children.PATIENCE)).isEqualTo("to the left");
            assertThat(right.receiver().receive(Children.PATIENCE)).isEqualTo("to the right");
            arrived.values().forEach(Sender::close);
        }
    }

    @Test
    void endInAnOptionalIsThereOrNot() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Optional<Sender<String>>> carrier =
                        Channel.create(new TypeToken<Optional<Sender<String>>>() {})) {
            carrier.sender().send(Optional.empty());
            carrier.sender().send(Optional.of(work.sender()));

            assertThat(carrier.receiver().receive(Children.PATIENCE)).isEmpty();
            assertArrives(carrier.receiver().receive(Children.PATIENCE).orElseThrow(), work,
                    "to somebody");
        }
    }

    @Test
    void endsInTheCasesOfASealedInterfaceArrive() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<String> estate = Channel.create(String.class);
                Channel<Answer> carrier = Channel.create(Answer.class)) {
            estate.sender().send("unread");
            carrier.sender().send(new Answer.Nowhere());
            carrier.sender().send(new Answer.Here(work.sender()));
            carrier.sender().send(new Answer.Moved(List.of(estate.receiver())));

            for (int i = 0; i < 3; i++) {
                switch (carrier.receiver().receive(Children.PATIENCE)) {
                    case Answer.Nowhere() -> assertThat(i).isZero();
                    case Answer.Here(Sender<String> sender) -> assertArrives(sender, work, "here");
                    case Answer.Moved(List<Receiver<String>> receivers) -> {
                        assertThat(receivers).hasSize(1);
                        try (Receiver<String> moved = receivers.getFirst()) {
                            assertThat(moved.receive(Children.PATIENCE)).isEqualTo("unread");
                        }
                    }
                }
            }
        }
    }

    @Test
    void endsOfAListThatCannotBeSentStayWhereTheyAre() throws Exception {
        try (Channel<String> work = Channel.create(String.class);
                Channel<String> closed = Channel.create(String.class);
                Channel<List<Sender<String>>> carrier =
                        Channel.create(new TypeToken<List<Sender<String>>>() {})) {
            closed.sender().close();

            assertThatThrownBy(
                    () -> carrier.sender().send(List.of(work.sender(), closed.sender())))
                    .isInstanceOf(EndClosed.class);

            assertThat(carrier.receiver().tryReceive()).isNull();
            work.sender().send("still here");
            assertThat(work.receiver().receive(Children.PATIENCE)).isEqualTo("still here");
        }
    }
}
