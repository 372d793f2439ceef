package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.CrowdingChild;
import dev.ipcchannel.testing.children.DestituteChild;
import dev.ipcchannel.testing.children.HoardingChild;
import dev.ipcchannel.testing.children.InFlightChild;
import dev.ipcchannel.testing.children.LateClientChild;
import dev.ipcchannel.testing.children.PatientChild;
import dev.ipcchannel.testing.children.PoorChild;
import dev.ipcchannel.testing.children.RefusingChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The failures of processes with a low limit of descriptors, with their remedies.
@Tag("alone") // the kernel counts the descriptors in flight of all of a user's processes
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorLimitIT {

    private static final int ENDS = 200;

    @RegisterExtension
    final Children children = new Children();

    @Test
    void processWithoutDescriptorsGetsTheReasonAndRecovers() throws Exception {
        ChildJvm child = limited(new String[0], 64).start(HoardingChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).hasSize(2);
        assertThat(child.captured().lines().getFirst()).contains("EMFILE", "ulimit -n");
        assertThat(child.captured().lines().getLast()).isEqualTo(HoardingChild.RECOVERED);
    }

    /// The classes that only failures need are loaded before: without a descriptor none can be read
    /// from a folder.
    @Test
    void firstFailureOfAProcessIsTheLackOfDescriptors() throws Exception {
        ChildJvm child = limited(new String[0], 64).start(DestituteChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).hasSize(DestituteChild.MOST)
                .startsWith("refused").endsWith("used")
                .allSatisfy(line -> assertThat(line).isIn("refused", "used"));
    }

    @Test
    void userWithTooManyDescriptorsInFlightGetsTheReason() throws Exception {
        ChildJvm child = limited(OtherUser.command(), 50).start(InFlightChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).singleElement().asString()
                .startsWith("ResourceExhausted: ").contains("ulimit -n");
    }

    @Test
    void clientOfAUserWithTooManyDescriptorsInFlightGetsTheReason() throws Exception {
        ChildJvm child = limited(OtherUser.command(), 50).start(LateClientChild.class);

        child.awaitExit(0);

        assertThat(child.captured().lines()).singleElement().asString()
                .startsWith("ResourceExhausted: ").contains("/ipc-channel-", "ulimit -n");
    }

    @Test
    void senderWaitsForTheDescriptorsThatAnotherProcessOfItsUserHasOnTheirWay() throws Exception {
        ChildJvm patient = limited(OtherUser.command(), 50).start(PatientChild.class);
        assertThat(patient.captured().readLine(Children.PATIENCE)).isEqualTo(PatientChild.READY);
        ChildJvm crowding = limited(OtherUser.command(), 300).start(CrowdingChild.class);
        assertThat(crowding.captured().readLine(Children.PATIENCE))
                .isEqualTo(CrowdingChild.CROWDED);

        patient.cue();

        assertThat(patient.captured().readLine(Children.PATIENCE))
                .startsWith("ResourceExhausted: ").contains("ulimit -n");
        crowding.cue();
        assertThat(patient.captured().readLine(Children.PATIENCE)).isEqualTo(PatientChild.SENT);
        patient.awaitExit(0);
        crowding.awaitExit(0);
    }

    @Test
    void receiverThatMayNotTakeTheEndsInAMessageGetsTheReason() throws Exception {
        try (OneShotServer<Sender<List<Sender<String>>>> server =
                OneShotServer.open(PoorChild.CODEC);
                Channel<String> work = Channel.create(String.class)) {
            ChildJvm child = limited(new String[0], 100).start(PoorChild.class, server.name());
            Sender<List<Sender<String>>> sender =
                    server.accept(child.process(), Children.PATIENCE);

            sender.send(Stream.generate(work.sender()::share).limit(ENDS).toList());

            child.awaitExit(0);
            assertThat(child.captured().lines()).singleElement().asString()
                    .startsWith("ResourceExhausted: ").contains("ulimit -n");
            sender.close();
        }
    }

    /// With one descriptor the receiver can send the reason; with none, the sender infers it from
    /// the ends that are gone and those that are not.
    @ParameterizedTest
    @ValueSource(strings = {"1", "0"})
    void senderWhoseReceiverMayOpenOneDescriptorOrNoneGetsTheReason(String left) throws Exception {
        ChildJvm child = limited(new String[0], 64).start(RefusingChild.class, left);

        child.awaitExit(0);

        assertThat(child.captured().lines()).singleElement().asString()
                .contains("has cut this sender off", "no more descriptors", "ulimit -n",
                        "refused as well: a sender could not be taken up");
        assertThat(child.captured().lines().getFirst().contains("or because another sender"))
                .isEqualTo(left.equals("0"));
    }

    @Test
    void receiverThatMayNotOpenTheFirstArrivingEndGetsTheReason() throws Exception {
        ChildJvm child = limited(new String[0], 64).start(RefusingChild.class, RefusingChild.END);

        child.awaitExit(0);

        assertThat(child.captured().lines()).singleElement().asString()
                .startsWith("refused as well: the ends").contains("ulimit -n");
    }

    @Test
    void receiverNeedsDescriptorsForOneMessageAtATime() throws Exception {
        ChildJvm child = limited(new String[0], 70).start(CrowdingChild.class);
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo(CrowdingChild.CROWDED);

        child.cue(); // it gets up to 64 messages with a sender each

        child.awaitExit(0);
    }

    private Children.Command limited(String[] program, int descriptors) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        return children.command().under(program)
                .under("prlimit", "--nofile=" + descriptors + ":" + descriptors).piped();
    }
}
