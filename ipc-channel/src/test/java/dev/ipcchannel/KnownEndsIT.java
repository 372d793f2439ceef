package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.EntrustedChild;
import dev.ipcchannel.testing.children.EntrustedChild.Office;
import dev.ipcchannel.testing.children.EntrustedChild.Trust;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The facts known of a child that has ends of channels, made there or here: its exit code, and
/// whether it closed the ends or died with them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KnownEndsIT {

    private static final int KILLED = 128 + 9;

    @RegisterExtension
    final Children children = new Children();

    /// Also if the child has never sent, so that there is no ring.
    @ParameterizedTest
    @ValueSource(strings = {"hold", "send"})
    void receiverMadeHereGetsTheExitCodeOfTheChildWithItsSender(String order)
            throws Exception {
        try (OneShotServer<Office> server = OneShotServer.open(Office.class);
                Channel<String> there = Channel.create(String.class);
                Channel<String> back = Channel.create(String.class)) {
            ChildJvm child = children.start(EntrustedChild.class, server.name());
            entrust(order, server, child, there, back).close();
            child.kill();

            Disconnected end = endOf(back.receiver());

            assertDeath(end, child, KILLED);
        }
    }

    @Test
    void receiverMadeHereGetsTheExitCode() throws Exception {
        try (OneShotServer<Office> server = OneShotServer.open(Office.class);
                Channel<String> there = Channel.create(String.class);
                Channel<String> back = Channel.create(String.class)) {
            ChildJvm child = children.start(EntrustedChild.class, server.name());
            entrust("send and halt", server, child, there, back).close();
            child.awaitExit(EntrustedChild.EXIT_CODE);

            assertDeath(endOf(back.receiver()), child, EntrustedChild.EXIT_CODE);
        }
    }

    /// With a sender that has sent before, and so has a ring, and one that has not.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void senderMadeHereGetsTheExitCodeOfTheChildWithItsReceiver(boolean hasSent)
            throws Exception {
        try (OneShotServer<Office> server = OneShotServer.open(Office.class);
                Channel<String> there = Channel.create(String.class);
                Channel<String> back = Channel.create(String.class)) {
            if (hasSent) {
                there.sender().send("before");
            }
            ChildJvm child = children.start(EntrustedChild.class, server.name());
            entrust("hold", server, child, there, back).close();
            child.kill();

            Disconnected end = catchThrowableOfType(Disconnected.class, () -> {
                while (true) { // the watcher notices it a moment later
                    there.sender().send("after");
                }
            });

            assertDeath(end, child, KILLED);
        }
    }

    @Test
    void receiverFromAChildFailsAtItsDeathEvenIfItNeverSent() throws Exception {
        try (OneShotServer<Office> server = OneShotServer.open(Office.class);
                Channel<String> there = Channel.create(String.class);
                Channel<String> back = Channel.create(String.class)) {
            ChildJvm child = children.start(EntrustedChild.class, server.name());
            Receiver<String> unused = entrust("hold", server, child, there, back);
            child.kill();

            assertDeath(endOf(unused), child, KILLED);
            unused.close();
        }
    }

    /// The child is alive, and has sent by that end or not.
    @ParameterizedTest
    @ValueSource(strings = {"close", "send and close"})
    void closeIsNoDeath(String order) throws Exception {
        try (OneShotServer<Office> server = OneShotServer.open(Office.class);
                Channel<String> there = Channel.create(String.class);
                Channel<String> back = Channel.create(String.class)) {
            ChildJvm child = children.start(EntrustedChild.class, server.name());
            entrust(order, server, child, there, back).close();

            Disconnected end = endOf(back.receiver());
            Disconnected sendersEnd = catchThrowableOfType(Disconnected.class,
                    () -> there.sender().send("after"));

            assertThat(end).hasMessageContaining("the child has closed the channel");
            assertThat(end.isDeath()).isFalse();
            assertThat(sendersEnd.isDeath()).isFalse();
            assertThat(sendersEnd.report()).isNotNull();
            assertThat(sendersEnd.report().pid()).isEqualTo(child.process().pid());
            assertThat(sendersEnd.report().exitCode()).isEmpty();
            child.kill();
        }
    }

    /// @return a receiver without messages
    private static Receiver<String> entrust(String order, OneShotServer<Office> server,
            ChildJvm child, Channel<String> there, Channel<String> back) throws Exception {
        Office office = server.accept(child.process(), Children.PATIENCE);
        office.trusts().send(new Trust(order, back.sender(), there.receiver()));
        assertThat(office.said().receive(Children.PATIENCE)).isEqualTo(order);
        if (order.startsWith("send")) {
            assertThat(back.receiver().receive(Children.PATIENCE)).isEqualTo("sent");
        }
        office.trusts().close();
        office.said().close();
        return office.unused();
    }

    private static Disconnected endOf(Receiver<String> receiver) {
        return catchThrowableOfType(Disconnected.class,
                () -> receiver.receive(Children.PATIENCE));
    }

    private static void assertDeath(Disconnected end, ChildJvm child, int exitCode) {
        assertThat(end).isNotNull().hasMessageContaining("exit=" + exitCode);
        assertThat(end.isDeath()).as(end.getMessage()).isTrue();
        assertThat(end.report()).isNotNull();
        assertThat(end.report().pid()).isEqualTo(child.process().pid());
        assertThat(end.report().exitCode()).hasValue(exitCode);
    }
}
