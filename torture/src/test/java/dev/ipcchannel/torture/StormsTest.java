package dev.ipcchannel.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tests of the list of storms.
@Timeout(60)
class StormsTest {

    private static final Pattern STORM = Pattern.compile("`storm:([a-z]+)`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `storm:([a-z]+)` \\|");

    private static List<String> onThePage(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(Path.of("..", "docs", "reliability.md"))).results()
                .map(found -> found.group(1)).toList();
    }

    @Test
    void everyStormHasItsRowOnThePageAndNoOther() throws Exception {
        List<String> storms = Storms.all().stream().map(Storm::name).toList();

        assertThat(onThePage(ROW)).containsExactlyInAnyOrderElementsOf(storms);
        assertThat(storms).containsAll(onThePage(STORM));
    }

    @Test
    void everyStormHasAWordOfItsOwnAndAnAim() {
        assertThat(Storms.all()).extracting(Storm::name).doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).matches("[a-z]{3,10}"))
                .doesNotContain("all", "list");
        assertThat(Storms.all()).extracting(Storm::aim)
                .allSatisfy(aim -> assertThat(aim).hasSizeGreaterThan(20));
    }
}
