package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ZipcHeapChild;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages and waits without allocation, in a process whose compiler does not eliminate objects.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcHeapIT {

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-DoEscapeAnalysis"})
    void messageThatIsWaitedForAsksTheHeapForNothing(String mode) throws Exception {
        ChildJvm child = children.command().flags(mode).start(ZipcHeapChild.class);
        child.awaitExit(0);
        assertThat(child.output().strip()).isEqualTo("0");
    }
}
