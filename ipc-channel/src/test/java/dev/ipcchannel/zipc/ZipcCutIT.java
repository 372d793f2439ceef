package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ZipcCutChild;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that are truncated while the ends of their queue use them: each affected call fails with
/// the library's exception, at any place and in code of any JIT compiler.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcCutIT {

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();
    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @CsvSource({"look, -XX:+TieredCompilation", "bytes, -XX:+TieredCompilation",
        "copy, -XX:+TieredCompilation",
        "wait, -XX:+TieredCompilation", "bytes, -XX:TieredStopAtLevel=1"})
    void callOfAnEndWhoseFileIsCutIsAProtocolViolation(String verb, String flag) throws Exception {
        ChildJvm child = children.command().flags(flag).start(ZipcCutChild.class, queue.name(),
                verb);
        child.awaitExit(0);
        List<String> failures = child.output().lines().skip(1).toList();
        assertThat(failures).hasSize(800).contains("ProtocolViolation")
                .allMatch(failure -> failure.matches("ProtocolViolation|EndClosed"));
    }
}
