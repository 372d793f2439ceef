package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.EndReportingChild;
import dev.ipcchannel.testing.children.LoopingChild;
import dev.ipcchannel.transport.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Orderly ends of a child and of its parent: the failure at the other side, without talk of
/// senders, and its output.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrderlyEndsIT {

    private static final TypeToken<String> TEXT = TypeToken.of(String.class);

    private static ChildJvm child(Class<?> program) {
        return ChildJvm.of(program).output(Output.capture()).errors(Output.capture())
                .startTimeout(Children.PATIENCE).grace(Children.PATIENCE);
    }

    @Test
    void loopOfAChildEndsWithItsParentsCloseAndPrintsNothing() throws Exception {
        ChildProcess process;
        try (var child = child(LoopingChild.class).start(TEXT, TEXT)) {
            process = child.process();
            for (String word : new String[]{"one", "two"}) {
                child.send(word);
                assertThat(child.receive()).isEqualTo("you say " + word);
            }
        }

        assertThat(process.awaitExit(Children.PATIENCE)).isZero();
        assertThat(process.output().errorLines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "unix"})
    void childGetsThatItsParentHasClosedTheChannel(String transport) throws Exception {
        ChildProcess process;
        try (var child = child(EndReportingChild.class).transport(
                transport.equals("shm") ? Transport.shm() : Transport.unix()).start(TEXT, TEXT)) {
            process = child.process();
            assertThat(child.receive()).isEqualTo("here");
        }

        assertThat(process.awaitExit(Children.PATIENCE)).isZero();
        assertThat(process.output().lines()).containsExactly(
                "the parent has closed the channel" + (transport.equals("shm")
                        ? ": pid=" + ProcessHandle.current().pid() : ""));
    }

    @Test
    void parentGetsThatItsChildHasClosedTheChannel() throws Exception {
        try (var child = child(LoopingChild.class).arguments("once").start(TEXT, TEXT)) {
            child.send("one");
            assertThat(child.receive()).isEqualTo("you say one");

            assertThatThrownBy(child::receive).isInstanceOfSatisfying(Disconnected.class,
                    end -> assertThat(end.isDeath()).isFalse())
                    .hasMessage("the child has closed the channel: child="
                            + LoopingChild.class.getName() + " once, pid=" + child.process().pid());
            assertThatThrownBy(() -> child.send("two")).isInstanceOf(Disconnected.class)
                    .hasMessageStartingWith("the child has closed the channel: child=");
            child.process().process().getOutputStream().close();
            assertThat(child.process().awaitExit(Children.PATIENCE)).isZero();
        }
    }
}
