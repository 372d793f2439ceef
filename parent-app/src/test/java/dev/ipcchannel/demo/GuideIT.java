package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of docs/guide.md, docs/workers.md, docs/named.md, docs/broadcast.md and docs/zipc.md:
/// their examples compile without a warning and print what is shown below them.
@Timeout(120)
class GuideIT {

    private static final List<String> PAGES =
            List.of("docs/guide.md", "docs/workers.md", "docs/named.md", "docs/broadcast.md",
                    "docs/zipc.md");

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @ParameterizedTest
    @FieldSource("PAGES")
    void everyBlockIsAnExampleOrItsOutput(String page) throws IOException {
        Page guide = Page.read(page);

        assertThat(guide.prose().lines()).as("lines outside of marked blocks")
                .noneMatch(line -> line.contains("```") || line.contains("<!--"));
        assertThat(guide.markers()).containsExactlyElementsOf(guide.examples().stream()
                .flatMap(name -> Stream.of(Page.EXAMPLE + name, Page.OUTPUT + name)).toList());
    }

    @ParameterizedTest
    @MethodSource
    void examplePrintsWhatThePageShows(String page, String name) throws IOException {
        Page guide = Page.read(page);
        ExamplePrograms programs = new ExamplePrograms(guide, sandbox.directory());

        Program program = sandbox.startInside(programs.command(name)).expectExit(0);

        assertThat(program.out()).isEqualTo(guide.block(Page.OUTPUT + name));
        assertThat(program.err()).isEmpty();
    }

    static Stream<Arguments> examplePrintsWhatThePageShows() throws IOException {
        List<Arguments> examples = new ArrayList<>();
        for (String page : PAGES) {
            Page.read(page).examples().forEach(name -> examples.add(arguments(page, name)));
        }
        return examples.stream();
    }
}
