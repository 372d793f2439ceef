package dev.ipcchannel.demo;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A page of the project, split into its parts: blocks of code, each right below its marker, which
/// is a comment that names the block.
///
/// ````text
/// <!-- example Parent -->
/// ```java
/// ...
/// ```
/// ````
final class Page {

    /// The project's folder; tests run in their module's folder.
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    static final String EXAMPLE = "example ";
    static final String FILE = "file ";
    static final String OUTPUT = "output of ";

    private static final Pattern BLOCK = Pattern.compile(
            "^<!-- (\\V+) -->\\n```\\w+\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private final String text;
    private final List<Block> blocks;

    private record Block(String marker, String text) {}

    private Page(String text) {
        this.text = text;
        this.blocks = BLOCK.matcher(text).results()
                .map(block -> new Block(block.group(1), block.group(2))).toList();
    }

    /// @param name of its file, from the project's folder
    static Page read(String name) throws IOException {
        return new Page(Files.readString(ROOT.resolve(name)));
    }

    List<String> markers() {
        return blocks.stream().map(Block::marker).toList();
    }

    List<String> examples() {
        return markers().stream().filter(marker -> marker.startsWith(EXAMPLE))
                .map(marker -> marker.substring(EXAMPLE.length())).toList();
    }

    /// The names of whole source files, which the examples use.
    List<String> classFiles() {
        return markers().stream()
                .filter(marker -> marker.startsWith(FILE) && marker.endsWith(".java"))
                .map(marker -> marker.substring(FILE.length())).toList();
    }

    /// The text of the one block with that marker.
    String block(String marker) {
        List<Block> found =
                blocks.stream().filter(block -> block.marker().equals(marker)).toList();
        assertThat(found).as("blocks below <!-- %s -->", marker).hasSize(1);
        return found.getFirst().text();
    }

    /// The text outside all blocks.
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }

    /// The code in the prose that starts with `keyword`, one line each.
    String proseCode(String keyword) {
        Pattern code = Pattern.compile("`(" + keyword + "\\s[^`]+)`");
        return code.matcher(prose()).results()
                .map(found -> found.group(1).replaceAll("\\s+", " ")).collect(joining("\n"));
    }
}
