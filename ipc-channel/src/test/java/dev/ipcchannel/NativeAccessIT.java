package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.DeniedEndsChild;
import dev.ipcchannel.testing.children.RefusedChild;
import dev.ipcchannel.testing.children.ServerChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The refusal of a JVM that may not call native code, at every public entry point.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeAccessIT {

    private static final String SENTENCE = "UnsupportedPlatform: this JVM was started with native "
            + "access denied to ipc-channel: start java with --enable-native-access=ALL-UNNAMED";

    @RegisterExtension
    final Children children = new Children();

    @Test
    void channelNeedsNativeAccess() throws Exception {
        assertOneSentence(0, denied().start(RefusedChild.class));
    }

    @Test
    void serverNeedsNativeAccess() throws Exception {
        assertOneSentence(ServerChild.REFUSED, denied().start(ServerChild.class));
    }

    @Test
    void clientNeedsNativeAccess() throws Exception {
        assertOneSentence(0, denied().start(RefusedChild.class,
                "/tmp/ipc-channel-0123456789abcdef0123456789abcdef/server"));
    }

    @Test
    void eachWayIntoNamesAndZipcQueuesNeedsNativeAccess() throws Exception {
        ChildJvm child = denied().start(DeniedEndsChild.class);
        child.awaitExit(0);
        assertThat(child.captured().lines()).hasSize(11).containsOnly(SENTENCE);
        assertThat(child.captured().errorLines()).isEmpty();
    }

    private Children.Command denied() {
        return children.command().nativeAccess("--illegal-native-access=deny").piped();
    }

    private static void assertOneSentence(int code, ChildJvm child) throws InterruptedException {
        child.awaitExit(code);
        assertThat(child.captured().lines()).containsExactly(SENTENCE);
        assertThat(child.captured().errorLines()).isEmpty();
    }
}
