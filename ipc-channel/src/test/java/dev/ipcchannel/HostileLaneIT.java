package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.GivingUpChild;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.LaneFault;
import dev.ipcchannel.testing.children.LaneFaultChild;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Hostile children that break the format of a channel once: the parent gets one failure, and the
/// channel's other senders and all other channels are not affected. But if the announcement of a
/// sender was broken, no new sender can join the channel.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileLaneIT {

    private static final int COUNT = 50;

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @EnumSource
    void faultOfOneSenderIsReportedOnceAndTheOthersGoOn(LaneFault fault) throws Exception {
        Files.createFile(children.directory().resolve("file"));
        try (Channel<String> shared = Channel.create(String.class,
                ChannelOptions.defaults().withCapacity(LaneFault.CAPACITY));
                OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class)) {
            shared.sender().send("honest from the start");
            assertThat(shared.receiver().receive(Children.PATIENCE))
                    .isEqualTo("honest from the start");
            ChildJvm child = children.command().piped()
                    .start(LaneFaultChild.class, server.name(), fault.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            talk.toChild().send(new Handover(shared.sender().share()));
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");

            assertThatThrownBy(() -> shared.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(ProtocolViolation.class);
            assertNextIsHonest(shared);
            assertHonestSendersGoOn(shared, fault);
            child.cue();
            child.awaitExit(0);
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    @Test
    void descriptorsOfMessagesGivenUpAreClosedWhenTheirPlaceHasPassed() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class)) {
            ChildJvm child = children.command().piped().start(GivingUpChild.class, server.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            long before = Children.descriptors();

            for (int i = 0; i < GivingUpChild.COUNT; i++) {
                assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo("message " + i);
            }

            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");
            assertThat(Children.descriptors()).as("descriptors, before=%d", before)
                    .isLessThan(before + GivingUpChild.COUNT);
            child.cue();
            child.awaitExit(0);
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    /// A receiver that went to sleep has no more failures to report, and does not meet the same
    /// fault when it wakes.
    private static void assertNextIsHonest(Channel<String> shared) throws InterruptedException {
        Waits<String> next = Waits.in(shared.receiver()::receive).asleep();
        shared.sender().send("honest after the fault");
        assertThat(next.value()).isEqualTo("honest after the fault");
    }

    /// Asserts that senders with a lane go on, and that a new sender either works or is refused.
    private static void assertHonestSendersGoOn(Channel<String> shared, LaneFault fault)
            throws InterruptedException {
        try (Sender<String> late = shared.sender().exclusive()) { // a lane made after the fault
            for (int i = 0; i < COUNT; i++) {
                shared.sender().send("honest " + i);
                assertThat(shared.receiver().receive(Children.PATIENCE)).isEqualTo("honest " + i);
                assertThat(shared.sender().isConnected()).isTrue();
                if (fault.endsAnnouncements()) {
                    assertThatThrownBy(() -> late.send("late")).isInstanceOf(Disconnected.class);
                } else {
                    late.send("late " + i);
                    assertThat(shared.receiver().receive(Children.PATIENCE))
                            .isEqualTo("late " + i);
                }
            }
        }
    }
}
