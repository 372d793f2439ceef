package dev.ipcchannel.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests of the catalog for JBang: its programs are those of README.md, which `ReadmeIT` runs, with
/// lines above that say what they need.
@Timeout(60)
class JbangTest {

    private static final Map<String, String> MARKERS =
            Map.of("Echo", Page.FILE + "Echo.java", "Arithmetic", Page.EXAMPLE + "Arithmetic");

    static List<String> programs() throws IOException {
        try (Stream<Path> files = Files.list(Page.ROOT.resolve("jbang"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
        }
    }

    @Test
    void catalogHasEachProgramUnderItsNameInSmallLetters() throws IOException {
        JsonObject aliases = JsonParser
                .parseString(Files.readString(Page.ROOT.resolve("jbang-catalog.json")))
                .getAsJsonObject().getAsJsonObject("aliases");

        assertThat(aliases.keySet()).hasSameSizeAs(programs());
        assertThat(programs()).isNotEmpty().allSatisfy(program -> assertThat(
                aliases.getAsJsonObject(program.toLowerCase(Locale.ROOT))
                        .get("script-ref").getAsString())
                .isEqualTo("jbang/" + program + ".java"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programIsThatOfTheReadmeBelowWhatItNeeds(String name) throws IOException {
        String text = Files.readString(Page.ROOT.resolve("jbang").resolve(name + ".java"));
        String version = Files.readString(Page.ROOT.resolve("pom.xml")).lines()
                .filter(line -> line.contains("<version>")).findFirst().orElseThrow()
                .replaceAll(" *</?version>", "");

        assertThat(text.split("\n\n", 2)[1])
                .isEqualTo(Page.read("README.md").block(MARKERS.get(name)));
        assertThat(text.split("\n\n", 2)[0].lines().skip(1)).containsExactly("//JAVA 25+",
                "//REPOS mavencentral,mavenlocal", "//DEPS dev.ipcchannel:ipc-channel:" + version,
                "//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED");
    }
}
