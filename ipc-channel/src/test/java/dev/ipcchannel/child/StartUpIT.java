package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.UnixEchoChild;
import dev.ipcchannel.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The classes that the start of a child loads, by its JVM's log: native functions are linked on a
/// separate thread.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartUpIT {

    private static final int MOST_STARTS = 20; // the thread may be late on a busy machine

    @RegisterExtension
    final Children children = new Children();

    static List<Transport> transports() {
        return List.of(Transport.shm(), Transport.unix());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void nativeFunctionsAreLinkedBesideTheThreadThatConnects(Transport transport)
            throws Exception {
        boolean isBeside = false;
        for (int start = 0; !isBeside && start < MOST_STARTS; start++) {
            Path log = children.directory().resolve("classes" + start);
            talk(transport, log);
            isBeside = !threadThatLoaded("dev.ipcchannel.internal.posix.Native", log)
                    .equals(threadThatLoaded(ParentMarks.class.getName(), log));
        }
        assertThat(isBeside).isTrue();
    }

    private static void talk(Transport transport, Path log) throws InterruptedException {
        try (ChildLink<String, String> child = ChildJvm.of(UnixEchoChild.class).shortLived()
                .noClassArchive().transport(transport)
                .jvmOptions("-Xlog:class+load:file=" + log + ":tid")
                .start(String.class, String.class)) {
            child.send("a word");
            assertThat(child.receive()).isEqualTo("a word");
        }
    }

    private static String threadThatLoaded(String type, Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("] " + type + " ")).findFirst().orElseThrow()
                    .replaceFirst("].*", "]");
        }
    }
}
