package dev.ipcchannel.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of the choice of races by words, and of the races that the documents name.
@Timeout(60)
class StressTest {

    private static final Path DOCUMENTS = Path.of("..");
    private static final Pattern RACES = Pattern.compile("`(?:race:)?(\\w+Stress)`");

    @Test
    void wordChoosesTheRacesThatHaveItInTheirNames() throws Exception {
        assertThat(Stress.races(List.of("Turn", "GuardStress.TwoEntries")))
                .contains("dev.ipcchannel.internal.wait.GuardStress.TwoEntries")
                .contains("dev.ipcchannel.internal.wait.TurnStress.TwoHolders")
                .doesNotContain("dev.ipcchannel.internal.wait.GuardStress.EntryBesideVisit");
    }

    @Test
    void noWordChoosesAllRaces() throws Exception {
        assertThat(Stress.races(List.of())).hasSizeGreaterThan(20);
    }

    @Test
    void wordThatIsInNoNameIsRefusedWithTheNames() {
        assertThatThrownBy(() -> Stress.races(List.of("Turn", "internal")))
                .isInstanceOf(ParseException.class)
                .hasMessageStartingWith("no race has internal in its name: the names are ")
                .hasMessageContaining("GuardStress.CloseBesideEntry, ");
    }

    static List<String> racesOfTheDocuments() throws IOException {
        String text = Files.readString(DOCUMENTS.resolve("ARCHITECTURE.md"))
                + Files.readString(DOCUMENTS.resolve("docs/reliability.md"));
        return RACES.matcher(text).results().map(race -> race.group(1)).distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("racesOfTheDocuments")
    void raceThatADocumentNamesExists(String name) throws Exception {
        assertThat(Stress.races(List.of(name + "."))).isNotEmpty();
    }
}
