package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OtherUser;
import dev.ipcchannel.testing.children.CrowdedGroupChild;
import dev.ipcchannel.testing.children.CrowdingChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages to many of a user with too many descriptors in flight, as the kernel counts them.
@Tag("alone") // the kernel counts the descriptors in flight of all of a user's processes
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCrowdIT {

    @RegisterExtension
    final Children children = new Children();

    /// The second message needs no descriptor but for the lane of a receiver that has just joined.
    @Test
    void noReceiverGetsAMessageInTheCrowdAndAllGetTheOneThatWaitsForItsEnd() throws Exception {
        ChildJvm group = limited(60).start(CrowdedGroupChild.class);
        assertSays(group, "0 sent 2");
        assertSays(group, CrowdedGroupChild.READY);
        ChildJvm crowding = limited(300).start(CrowdingChild.class);
        assertSays(crowding, CrowdingChild.CROWDED);

        group.cue();

        assertSays(group, "1 CROWDED 0");
        assertSays(group, "2 CROWDED 0");
        crowding.cue();
        assertSays(group, "3 sent 3");
        group.awaitExit(0);
        crowding.awaitExit(0);
    }

    private static void assertSays(ChildJvm child, String line)
            throws IOException, InterruptedException {
        assertThat(child.captured().readLine(Children.PATIENCE)).isEqualTo(line);
    }

    private Children.Command limited(int descriptors) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")),
                "prlimit is not installed (Debian package util-linux)");
        return children.command().under(OtherUser.command())
                .under("prlimit", "--nofile=" + descriptors + ":" + descriptors).piped();
    }
}
