package dev.ipcchannel.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.Channel;
import dev.ipcchannel.ChannelOptions;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.HostilePeer.HostileTalk;
import dev.ipcchannel.testing.children.AllLaneFaultsChild;
import dev.ipcchannel.testing.children.EndlessBellChild;
import dev.ipcchannel.testing.children.Handover;
import dev.ipcchannel.testing.children.LaneFault;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Hostile senders to members of a set: each is reported once, and the set goes on.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileSetIT {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final ChannelOptions OPTIONS =
            ChannelOptions.defaults().withCapacity(LaneFault.CAPACITY);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void faultOnEachMemberIsReportedOnceAndEveryMemberGoesOn() throws Exception {
        Files.createFile(children.directory().resolve("file"));
        List<Channel<String>> channels = new ArrayList<>();
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                ReceiverSet<String> set = ReceiverSet.open()) {
            ChildJvm child =
                    children.command().piped().start(AllLaneFaultsChild.class, server.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            for (LaneFault _ : LaneFault.values()) {
                Channel<String> channel = Channel.create(String.class, OPTIONS);
                channels.add(channel);
                set.add(channel.receiver());
                channel.sender().send("early"); // it has a lane before any announcement fails
                assertThat(set.select()).containsExactly(
                        new ReceiverEvent.Message<>(channel.receiver(), "early"));
            }
            for (Channel<String> channel : channels) {
                talk.toChild().send(new Handover(channel.sender().share()));
            }
            assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo("done");

            Map<Receiver<?>, List<RuntimeException>> failures = new HashMap<>();
            for (List<ReceiverEvent<String>> events = set.select(SHORT); !events.isEmpty(); events =
                    set.select(SHORT)) {
                for (ReceiverEvent<String> event : events) {
                    assertThat(event).isInstanceOf(ReceiverEvent.Failed.class);
                    failures.computeIfAbsent(event.receiver(), _ -> new ArrayList<>())
                            .add(((ReceiverEvent.Failed<String>) event).failure());
                }
            }

            assertThat(failures).hasSize(channels.size());
            assertThat(failures.values()).allSatisfy(each -> assertThat(each).singleElement()
                    .isInstanceOf(ProtocolViolation.class));
            for (Channel<String> channel : channels) {
                channel.sender().send("honest");
                assertThat(set.select()).containsExactly(
                        new ReceiverEvent.Message<>(channel.receiver(), "honest"));
            }
            child.cue();
            child.awaitExit(0);
            talk.toChild().close();
            talk.fromChild().close();
        } finally {
            channels.forEach(Channel::close);
        }
    }

    @Test
    void floodOfBellsKeepsNoLookAndNoMessageUp() throws Exception {
        try (OneShotServer<HostileTalk> server = OneShotServer.open(HostileTalk.class);
                Channel<String> flooded = Channel.create(String.class, OPTIONS);
                Channel<String> quiet = Channel.create(String.class, OPTIONS);
                ReceiverSet<String> set = ReceiverSet.open()) {
            set.add(flooded.receiver());
            set.add(quiet.receiver());
            ChildJvm child = children.start(EndlessBellChild.class, server.name());
            HostileTalk talk = server.accept(child.process(), Children.PATIENCE);
            talk.toChild().send(new Handover(flooded.sender().share()));
            for (int i = 0; i < 200; i++) {
                List<ReceiverEvent<String>> found = set.trySelect();
                assertThat(found).noneMatch(ReceiverEvent.Message.class::isInstance);
                quiet.sender().send("number " + i);
                awaitMessage(set, new ReceiverEvent.Message<>(quiet.receiver(), "number " + i));
            }
            child.kill();
            talk.toChild().close();
            talk.fromChild().close();
        }
    }

    private static void awaitMessage(ReceiverSet<String> set, ReceiverEvent<String> expected)
            throws InterruptedException {
        while (!set.select(Children.PATIENCE).contains(expected)) {
            // a failure of the flooded one, or another look
        }
    }
}
