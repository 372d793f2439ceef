package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The tree of sources in ARCHITECTURE.md is the one there is.
@Timeout(60)
class ArchitecturePageTest {

    private static final Path PAGE = Path.of("..", "ARCHITECTURE.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "ipcchannel");

    private static final String ROOT = "ipc-channel/src/main/java/dev/ipcchannel/";
    private static final Pattern BETWEEN_ROOMS = Pattern.compile("\\n(?! )");
    private static final Pattern END_OF_PATH = Pattern.compile("\\s");
    // a small letter tells a class from a word like JDK
    private static final Pattern CLASS_NAME = Pattern.compile("\\b[A-Z]\\w*[a-z]\\w*");

    @Test
    void everySourceFileIsInTheTreeOnceAndInItsRoom() throws IOException {
        assertThat(filesInTheTree()).containsExactlyInAnyOrderElementsOf(sourceFiles());
    }

    private static Stream<String> filesInTheTree() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("\n" + ROOT) + 1;
        assertThat(start).as("start of the tree in %s", PAGE).isPositive();
        String tree = page.substring(start, page.indexOf("\n```", start));
        return BETWEEN_ROOMS.splitAsStream(tree).flatMap(ArchitecturePageTest::filesInTheRoom);
    }

    /// @param room the line that starts with its folder, and those below
    private static Stream<String> filesInTheRoom(String room) {
        String folder = END_OF_PATH.split(room, 2)[0].replace(ROOT, "");
        return CLASS_NAME.matcher(room).results().map(name -> folder + name.group() + ".java");
    }

    private static List<String> sourceFiles() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("package-info.java"))
                    .map(file -> SOURCES.relativize(file).toString()).toList();
        }
    }
}
