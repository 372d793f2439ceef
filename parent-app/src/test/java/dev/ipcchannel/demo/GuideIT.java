package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What docs/guide.md shows is so: its examples compile without a warning and print what stands below
/// them.
@Timeout(120)
class GuideIT {

    private static final String GUIDE = "docs/guide.md";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void everyBlockIsAnExampleOrItsOutput() throws IOException {
        Page guide = Page.read(GUIDE);

        assertThat(guide.prose().lines()).as("lines outside of marked blocks")
                .noneMatch(line -> line.contains("```") || line.contains("<!--"));
        assertThat(guide.markers()).containsExactlyElementsOf(guide.examples().stream()
                .flatMap(name -> Stream.of(Page.EXAMPLE + name, Page.OUTPUT + name)).toList());
    }

    @ParameterizedTest
    @MethodSource
    void examplePrintsWhatThePageShows(String name) throws IOException {
        Page guide = Page.read(GUIDE);
        ExamplePrograms programs = new ExamplePrograms(guide, sandbox.directory());

        Program program = sandbox.startInside(programs.command(name)).expectExit(0);

        assertThat(program.out()).isEqualTo(guide.block(Page.OUTPUT + name));
        assertThat(program.err()).isEmpty();
    }

    static Stream<String> examplePrintsWhatThePageShows() throws IOException {
        return Page.read(GUIDE).examples().stream();
    }
}
