package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LeavingChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The exit of a JVM, which waits 300 ms for threads inside the kernel: the library's are not there
/// then.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitIT {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void jvmWhoseMainThreadReturnsIsNotHeldUpByThreadsThatWait() throws Exception {
        ChildJvm child = children.start(LeavingChild.class);
        child.awaitExit(0);
        assertThat(child.output().lines()).containsExactlyElementsOf(LeavingChild.THREADS);
    }

    @Test
    void exitOfAJvmIsNotDelayedByWaitingThreads() throws Exception {
        ChildJvm child = children.start(LeavingChild.class, "3");
        child.awaitExit(3);
        assertThat(child.output().lines()).containsExactlyElementsOf(LeavingChild.THREADS);
    }
}
