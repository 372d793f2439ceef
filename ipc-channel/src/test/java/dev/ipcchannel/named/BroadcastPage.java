package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The error sentences that docs/broadcast.md shows.
final class BroadcastPage {

    private static final Path PAGE = Path.of("..", "docs", "broadcast.md");
    private static final String REST = "…"; // stands for any text

    private BroadcastPage() {}

    /// Asserts that a sentence is the one that the page shows in the row of that name.
    static void assertShows(String row, @Nullable String sentence) throws IOException {
        Matcher shown =
                Pattern.compile("^\\| %s[^|]*\\| `([^`]+)`".formatted(row), Pattern.MULTILINE)
                        .matcher(Files.readString(PAGE));
        assertThat(shown.find()).as("the page has a row and a sentence for %s", row).isTrue();
        String pattern = List.of(shown.group(1).split(REST, -1)).stream().map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        assertThat(sentence).as("of %s", row).matches(Pattern.compile(pattern, Pattern.DOTALL));
    }
}
