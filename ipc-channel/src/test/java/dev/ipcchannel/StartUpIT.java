package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.EchoChild;
import dev.ipcchannel.testing.children.Talk;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The classes that a process with channels must not load, since it does not need them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartUpIT {

    private static final String MODULES = "java.base,java.logging";

    @RegisterExtension
    final Children children = new Children();

    @Test
    void noEventIsLoadedWithoutARecording() throws Exception {
        Path log = children.directory().resolve("classes.txt");

        converse(children.command().flags("-Xlog:class+load:file=" + log));

        List<String> loaded = Files.readAllLines(log);
        assertThat(loaded)
                .anyMatch(line -> line.contains(" dev.ipcchannel.internal.flight.Flight "))
                .noneMatch(line -> line.contains(" dev.ipcchannel.internal.flight.Events"))
                .noneMatch(line -> line.contains(" jdk.jfr.Event "));
        assertThat(loaded).filteredOn(line -> line.contains("jdk.jfr.")).singleElement().asString()
                .contains(" jdk.jfr.FlightRecorder ");
    }

    @Test
    void channelsWorkWhereTheModuleOfTheRecorderIsMissing() throws Exception {
        Path log = children.directory().resolve("classes.txt");

        converse(children.command().flags("--limit-modules", MODULES,
                "-Xlog:class+load:file=" + log));

        assertThat(Files.readAllLines(log)).noneMatch(line -> line.contains(" jdk.jfr."));
    }

    @Test
    void channelsWorkInALinkedImageWithoutTheRecorder() throws Exception {
        Path image = children.directory().resolve("image");
        link(image);

        converse(children.command().java(image.resolve("bin").resolve("java")));
    }

    /// Makes a run-time image, from the JDK's modules or from its own image.
    private static void link(Path image) throws IOException {
        Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
        assumeTrue(jlink.isPresent(), "this JDK has no jlink");
        try (StringWriter said = new StringWriter(); PrintWriter to = new PrintWriter(said)) {
            int code = jlink.orElseThrow().run(to, to, "--add-modules", MODULES, "--output",
                    image.toString());
            assumeTrue(code == 0, () -> "this JDK cannot link an image: " + said);
        }
    }

    private static void converse(Children.Command command)
            throws IOException, InterruptedException {
        try (OneShotServer<Talk> server = OneShotServer.open(Talk.class)) {
            ChildJvm child = command.start(EchoChild.class, server.name());
            Talk talk = server.accept(child.process(), Children.PATIENCE);
            for (String message : List.of("hello", "x".repeat(100_000))) {
                talk.toChild().send(message);
                assertThat(talk.fromChild().receive(Children.PATIENCE)).isEqualTo(message);
            }
            talk.toChild().close();
            child.awaitExit(0);
            talk.fromChild().close();
        }
    }
}
