package dev.ipcchannel.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.UnixEchoChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The start of a child, as its JVM's log of classes has it: what two threads can do, two do.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartUpIT {

    @RegisterExtension
    final Children children = new Children();

    static List<Transport> transports() {
        return List.of(Transport.shm(), Transport.unix());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void nativeFunctionsAreLinkedBesideTheThreadThatConnects(Transport transport)
            throws Exception {
        Path log = children.directory().resolve("classes");

        try (ChildLink<String, String> child = ChildJvm.of(UnixEchoChild.class).shortLived()
                .noClassArchive().transport(transport)
                .jvmOptions("-Xlog:class+load:file=" + log + ":tid")
                .start(String.class, String.class)) {
            child.send("a word");
            assertThat(child.receive()).isEqualTo("a word");
        }

        String connecting = threadThatLoaded("dev.ipcchannel.worker.Parent", log);
        assertThat(threadThatLoaded("dev.ipcchannel.internal.posix.Native", log))
                .isNotEqualTo(connecting);
    }

    private static String threadThatLoaded(String type, Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("] " + type + " ")).findFirst().orElseThrow()
                    .replaceFirst("].*", "]");
        }
    }
}
