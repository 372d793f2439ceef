package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.AnsweringChild;
import dev.ipcchannel.testing.children.CallingBackChild;
import dev.ipcchannel.testing.children.DiggingChild;
import dev.ipcchannel.testing.children.Estate;
import dev.ipcchannel.testing.children.GreetingChild;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.JsonChild;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Cases of docs/conformance.md that need a child.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConformanceIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void childGoesOnToASecondServerAfterTheWordOfTheFirst() throws Exception {
        try (OneShotServer<Handover> first = OneShotServer.open(Handover.class);
                OneShotServer<String> second = OneShotServer.open(String.class)) {
            ChildJvm child =
                    children.start(CallingBackChild.class, first.name(), second.name());
            try (Sender<String> orders =
                    first.accept(child.process(), Children.PATIENCE).sender()) {
                orders.send("greetings");
            }

            assertThat(second.accept(child.process(), Children.PATIENCE))
                    .isEqualTo("greetings from the child");

            child.awaitExit(0);
        }
    }

    @Test
    void childIsAnsweredThroughTheSenderItSent() throws Exception {
        try (OneShotServer<AnsweringChild.Offer> server =
                OneShotServer.open(AnsweringChild.Offer.class)) {
            ChildJvm child = children.start(AnsweringChild.class, server.name());
            AnsweringChild.Offer offer = server.accept(child.process(), Children.PATIENCE);
            try (Receiver<Handover> handovers = offer.handovers();
                    Receiver<String> answers = offer.answers()) {
                try (Sender<String> questions =
                        handovers.receive(Children.PATIENCE).sender()) {
                    questions.send("baz");
                }

                assertThat(answers.receive(Children.PATIENCE)).isEqualTo("bar to baz");
                assertThatThrownBy(() -> answers.receive(Children.PATIENCE))
                        .isInstanceOf(Disconnected.class);
            }
            child.awaitExit(0);
        }
    }

    @Test
    void childDigsAMessageOutOfAReceiverInsideAReceiver() throws Exception {
        try (OneShotServer<DiggingChild.Hole> server =
                OneShotServer.open(DiggingChild.Hole.class);
                Channel<String> inner = Channel.create(String.class);
                Channel<Estate> outer = Channel.create(Estate.class)) {
            inner.sender().send("cookie");
            outer.sender().send(new Estate(inner.receiver()));
            ChildJvm child = children.start(DiggingChild.class, server.name());
            DiggingChild.Hole hole = server.accept(child.process(), Children.PATIENCE);

            hole.chests().send(new DiggingChild.Chest(outer.receiver()));

            try (Receiver<String> reports = hole.reports()) {
                assertThat(reports.receive(Children.PATIENCE)).isEqualTo("cookie");
            }
            hole.chests().close();
            child.awaitExit(0);
        }
    }

    @Test
    void childThatIsGivenANameSendsAndEnds() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class)) {
            ChildJvm child =
                    children.start(GreetingChild.class, server.name(), "test message");

            assertThat(server.accept(child.process(), Children.PATIENCE))
                    .isEqualTo("test message");

            child.awaitExit(0);
        }
    }

    @Test
    void endTravelsToAChildInJson() throws Exception {
        try (OneShotServer<JsonChild.Counter> server =
                OneShotServer.open(Codec.json(JsonChild.Counter.class));
                Channel<String> answers = Channel.create(String.class)) {
            ChildJvm child = children.start(JsonChild.class, server.name());
            try (Sender<JsonChild.Request> requests =
                    server.accept(child.process(), Children.PATIENCE).requests()) {
                requests.send(new JsonChild.Request(List.of("Ada", "Żaneta"),
                        Optional.of(answers.sender())));
            }

            assertThat(answers.receiver().receive(Children.PATIENCE)).isEqualTo("hello Ada");
            assertThat(answers.receiver().receive(Children.PATIENCE)).isEqualTo("hello Żaneta");
            assertThatThrownBy(() -> answers.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(Disconnected.class);
            child.awaitExit(0);
        }
    }
}
