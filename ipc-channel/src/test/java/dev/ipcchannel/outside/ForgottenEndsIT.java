package dev.ipcchannel.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ForgettingChild;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The log's line about a forgotten end: its type, its channel, and on request the place where it
/// was made.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenEndsIT {

    private static final String TRACE = "-Ddev.ipcchannel.traceEnds=true";

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @CsvSource({"sender, a sender of Order, unread=64", "receiver, a receiver of String,"
            + " capacity=65536",
        "block, 'a block of shared bytes', length=12345"})
    void eachKindSaysWhatItIsAndHowToLearnMore(String kind, String type, String channel)
            throws Exception {
        assertThat(lineAbout(kind)).contains("an end was forgotten without a close", type, channel,
                TRACE + " says where");
    }

    @ParameterizedTest
    @CsvSource({"sender, receiverWithoutSender", "receiver, senderWithoutReceiver",
        "block, blockForNoReader"})
    void placeWhereItWasMadeIsReportedWhereThePropertyAsksForIt(String kind, String method)
            throws Exception {
        assertThat(lineAbout(kind, TRACE)).contains("made at ", "ForgettingChild." + method
                + "(ForgettingChild.java:");
    }

    private String lineAbout(String kind, String... flags) throws Exception {
        ChildJvm child = children.command().piped().flags(flags).start(ForgettingChild.class, kind);
        child.awaitExit(0);
        List<String> lines = child.captured().lines();
        return lines.getFirst();
    }
}
