package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.select.ReceiverEvent;
import dev.ipcchannel.select.ReceiverSet;
import dev.ipcchannel.select.Router;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ObedientChild;
import dev.ipcchannel.testing.children.ResponderChild;
import dev.ipcchannel.testing.children.UnixEchoChild;
import dev.ipcchannel.testing.children.WordsChild;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A child's receiver for loops, streams, sets and routers, and calls to a child.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChildEndsIT {

    private static final TypeToken<List<String>> WORDS = new TypeToken<>() {};
    private static final TypeToken<Integer> COUNT = TypeToken.of(Integer.class);

    @RegisterExtension
    final Children children = new Children();

    private static ChildJvm command(Class<?> main) {
        return ChildJvm.of(main).output(Output.capture()).errors(Output.capture())
                .noClassArchive();
    }

    private static ChildLink<String, String> words() throws InterruptedException {
        return command(WordsChild.class).start(String.class, String.class);
    }

    @Test
    void loopOverAChildsReceiverEndsWithTheChild() throws Exception {
        List<String> heard = new ArrayList<>();
        try (ChildLink<String, String> child = words()) {
            child.sender().send("three");
            for (String word : child.receiver()) {
                heard.add(word);
            }
            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
        }
        assertThat(heard).containsExactly("one", "two", "three");
    }

    @Test
    void streamOfAChildsReceiverEndsWithTheChild() throws Exception {
        try (ChildLink<String, String> child = words()) {
            child.send("three");

            assertThat(child.receiver().stream().toList()).containsExactly("one", "two", "three");
        }
    }

    @Test
    void setAndRouterHearSeveralChildren() throws Exception {
        try (ChildLink<String, String> first = words(); ChildLink<String, String> second = words();
                ReceiverSet<String> set = ReceiverSet.open(); Router router = Router.open()) {
            first.send("three");
            second.send("three");
            BlockingQueue<String> routed = new LinkedBlockingQueue<>();
            router.route(second.receiver(), routed::add);
            set.add(first.receiver());

            assertThat(heard(set, first.receiver())).containsExactly("one", "two", "three");
            for (String word : List.of("one", "two", "three")) {
                assertThat(routed.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(word);
            }
        }
    }

    private static List<String> heard(ReceiverSet<String> set, Receiver<String> receiver)
            throws InterruptedException {
        List<String> heard = new ArrayList<>();
        while (true) {
            for (ReceiverEvent<String> event : set.select(Children.PATIENCE)) {
                assertThat(event.receiver()).isSameAs(receiver);
                if (!(event instanceof ReceiverEvent.Message<String>(_, String word))) {
                    return heard;
                }
                heard.add(word);
            }
        }
    }

    @Test
    void linkWithoutChannelsSaysWhatItHasInstead() throws Exception {
        try (ChildLink<String, String> child = command(UnixEchoChild.class)
                .transport(Transport.unix()).start(String.class, String.class)) {
            assertThatThrownBy(child::receiver).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("a link that does not go through channels has no Receiver: use its"
                            + " receive, or Transport.shm(): link=" + child.link());
            assertThatThrownBy(child::sender).isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("use its send");
        }
    }

    @Test
    void endsOfALinkWithAnOwnerAreTheOwners() throws Exception {
        try (ChildLink<String, String> child = words()) {
            var owned = child.ownedBy("a test");

            assertThatThrownBy(owned::receiver).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a test");
            assertThatThrownBy(owned::sender).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a test");
        }
    }

    @Test
    void callsOfAChildGoThroughItsCaller() throws Exception {
        ProcessHandle child;
        try (Caller<List<String>, Integer> caller =
                command(ResponderChild.class).startCaller(WORDS, COUNT)) {
            child = newChild();
            assertThat(caller.call(List.of("one", "two"))).isEqualTo(2);
            assertThat(caller.send(List.of("one")).get(60, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(child.isAlive()).isFalse(); // its close has waited for that
    }

    @Test
    void callThatFailsInAChildNamesItAndShowsWhere() throws Exception {
        try (Caller<List<String>, Integer> caller =
                command(ResponderChild.class).startCaller(WORDS, COUNT)) {
            String shown = "child %s (pid=%d)".formatted(ResponderChild.class.getName(),
                    newChild().pid());

            assertThatThrownBy(() -> caller.call(List.of("")))
                    .isInstanceOfSatisfying(CallFailed.class,
                            failure -> assertThat(failure.remoteProcess()).isEqualTo(shown))
                    .hasMessage(shown + " failed to answer: java.lang.IllegalArgumentException:"
                            + " a word has letters")
                    .cause().hasToString("in " + shown)
                    .satisfies(cause -> assertThat(cause.getStackTrace()[0].toString()).startsWith(
                            ResponderChild.class.getName() + ".count(ResponderChild.java:"));
        }
    }

    @Test
    void callOfAChildThatEndsFails() throws Exception {
        try (Caller<List<String>, Integer> caller =
                command(ResponderChild.class).startCaller(WORDS, COUNT)) {
            assertThatThrownBy(() -> caller.call(List.of())).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("exit=" + ResponderChild.EXIT_CODE);
        }
    }

    @Test
    void uptimeGoesOnInTheReportOfADeath() throws Exception {
        try (ChildLink<String, String> child =
                command(ObedientChild.class).start(String.class, String.class)) {
            Duration before = child.process().report().uptime();

            child.process().process().destroyForcibly();

            assertThatThrownBy(child::receive).isInstanceOfSatisfying(Disconnected.class,
                    gone -> assertThat(gone.report()).isNotNull().satisfies(
                            report -> assertThat(report.uptime()).isGreaterThan(before)));
        }
    }

    @Test
    void closedLinkNamesItsChild() throws Exception {
        ChildLink<String, String> child =
                command(ObedientChild.class).start(String.class, String.class);
        child.close();

        assertThatThrownBy(() -> child.send("x")).isInstanceOf(EndClosed.class)
                .hasMessage("this sender was closed: type=String, child="
                        + ObedientChild.class.getName() + ", pid=" + child.process().pid());
    }

    @Test
    void childThatAnswersOtherTypesIsRefusedAndGone() {
        assertThatThrownBy(
                () -> command(ResponderChild.class).startCaller(String.class, Integer.class))
                .isInstanceOf(TypeMismatch.class);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static ProcessHandle newChild() {
        List<ProcessHandle> all = ProcessHandle.current().children().toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }
}
