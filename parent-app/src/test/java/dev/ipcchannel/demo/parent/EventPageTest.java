package dev.ipcchannel.demo.parent;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Test that docs/demo.md has a row for each event of `--json`, with its components in their order.
@Timeout(30)
class EventPageTest {

    @Test
    void everyEventHasItsRow() throws IOException {
        String page = Files.readString(Path.of("../docs/demo.md"));

        List<String> rows = page.lines().filter(line -> line.matches("\\| `[A-Z]\\w+` \\|.*"))
                .map(line -> line.substring(0, line.indexOf('|', line.indexOf('|', 1) + 1) + 1))
                .toList();

        Stream<String> events = Arrays.stream(Event.class.getPermittedSubclasses())
                .map(type -> "| `%s` | %s |".formatted(type.getSimpleName(), components(type)));
        assertThat(rows).containsExactlyInAnyOrderElementsOf(events.toList());
    }

    private static String components(Class<?> event) {
        String names = Arrays.stream(event.getRecordComponents())
                .map(component -> "`" + component.getName() + "`").collect(joining(", "));
        return names.isEmpty() ? "–" : names;
    }
}
