package dev.ipcchannel.demo;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// README.md taken apart: blocks of code, each right below a marker, a comment that says what it is.
///
/// ````text
/// <!-- example Parent -->
/// ```java
/// ...
/// ```
/// ````
final class Readme {

    /// The project's folder; tests run in that of their module.
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final String EXAMPLE = "example ";
    static final String OUTPUT = "output of ";

    private static final Pattern BLOCK = Pattern.compile(
            "^<!-- (\\V+) -->\\n```\\w+\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final String page;
    private final List<Block> blocks;

    private record Block(String marker, String text) {}

    private Readme(String page) {
        this.page = page;
        this.blocks = BLOCK.matcher(page).results()
                .map(block -> new Block(block.group(1), block.group(2))).toList();
    }

    static Readme read() throws IOException {
        return new Readme(Files.readString(ROOT.resolve("README.md")));
    }

    List<String> markers() {
        return blocks.stream().map(Block::marker).toList();
    }

    List<String> examples() {
        return markers().stream().filter(marker -> marker.startsWith(EXAMPLE))
                .map(marker -> marker.substring(EXAMPLE.length())).toList();
    }

    /// The text of the one block with that marker.
    String block(String marker) {
        List<Block> found =
                blocks.stream().filter(block -> block.marker().equals(marker)).toList();
        assertThat(found).as("blocks below <!-- %s -->", marker).hasSize(1);
        return found.getFirst().text();
    }

    /// All that is in no block.
    String prose() {
        return BLOCK.matcher(page).replaceAll("");
    }

    /// Code in the prose that starts with `keyword`, a line each.
    String proseCode(String keyword) {
        Pattern code = Pattern.compile("`(" + keyword + "\\s[^`]+)`");
        return code.matcher(prose()).results()
                .map(found -> found.group(1).replaceAll("\\s+", " ")).collect(joining("\n"));
    }
}
