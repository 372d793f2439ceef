package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.LettersHost;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Letters in all combinations of locales of a parent and its child: they arrive unchanged, or the
/// text that has them is refused by its name.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LettersIT {

    private static final String LATIN = "en_US.ISO-8859-1";

    /// The charsets of locales; the last locale is not installed.
    private static final Map<String, Charset> LOCALES = Map.of("C", StandardCharsets.US_ASCII,
            LATIN, StandardCharsets.ISO_8859_1, "C.UTF-8", StandardCharsets.UTF_8,
            "xx_XX.UTF-8", StandardCharsets.US_ASCII);

    private static final List<String> WORDS = List.of("plain 'a' \"b\" \\ $HOME `c` #d",
            "gr\u00fcn 'a' \"b\" \\ $HOME \u0085\u0081 `c`\n\r#d", "\u65e5\u672c\ud83d\ude00");

    private static final String INHERITED = "67c3bc"; // bytes in the host's environment

    private static final String SOURCE = """
            public class Here {
                public static void main(String[] arguments) {
                    System.out.println("here");
                }
            }
            """;
    private static final String ODD = "gr\u00fcn 'a' \u65e5"; // in UTF-8 on the disk, as always

    @RegisterExtension
    final Children children = new Children();

    private Path folder;
    private Path places;

    /// The names are made by a shell, since the locale of this JVM may have no letters for them.
    @BeforeAll
    void make(@TempDir Path directory) throws Exception {
        folder = directory;
        Workshop workshop = new Workshop(folder);
        Path classes = workshop.compile("here", List.of(), workshop.write("Here.java", SOURCE));
        Path jar = workshop.jar(classes, "Here");
        places = Files.createDirectory(folder.resolve("places"));
        StringBuilder octal = new StringBuilder();
        for (byte one : ODD.getBytes(StandardCharsets.UTF_8)) {
            octal.append("\\%03o".formatted(one & 0xff));
        }
        run("sh", "-c",
                "cd \"$1\" && mkdir -m 700 \"$(printf \"$3\")\" && cp \"$2\" \"$(printf \"$3\")\"",
                "sh", places.toString(), jar.toString(), octal.toString());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", LATIN, "C.UTF-8"})
    void wordsArriveAsTheyWereOrAreRefused(String locale) throws Exception {
        Path file = folder.resolve("words");
        Files.writeString(file, String.join(LettersHost.SEPARATOR, WORDS));

        List<String> said = host(locale, "words", file, childLocales());

        List<String> expected = new ArrayList<>();
        for (String there : childLocales()) {
            for (int i = 0; i < WORDS.size(); i++) {
                expected.addAll(fate(there, i));
            }
        }
        assertThat(said).containsExactlyElementsOf(expected);
    }

    private static List<String> fate(String there, int number) {
        String word = WORDS.get(number);
        Charset charset = charset(there);
        String start = there + " " + number + " ";
        if (charset.newEncoder().canEncode(word)) {
            String bytes = HexFormat.of().formatHex((word + "+" + word + "+").getBytes(charset));
            return List.of(start + "argument 1: as it was", start + "property word: as it was",
                    start + "variable WORD: as it was", start + "argument 0: @no file",
                    start + "variable OTHER: '",
                    start + "command 0: [" + bytes + INHERITED + "]");
        }
        return Stream.of("argument=" + shown(word), "option=-Dword", "variable=WORD",
                "variable=WORD")
                .map(what -> start + refusal("what it is given: " + what, charset)).toList();
    }

    private static String refusal(String what, Charset charset) {
        return "the child cannot be started: its locale does not have the letters of " + what
                + ", charset=" + charset
                + ": give it a locale that has them, environment(\"LC_ALL\", \"C.UTF-8\") for"
                + " instance";
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", LATIN, "C.UTF-8"})
    void placesAreFoundOrRefused(String locale) throws Exception {
        List<String> said = host(locale, "places", places, childLocales());

        String path = places + "/" + ODD;
        String folder = HexFormat.of().formatHex((path + "\n").getBytes(StandardCharsets.UTF_8));
        List<String> expected = new ArrayList<>();
        for (String there : childLocales()) {
            Charset charset = charset(there);
            expected.add(there + " folder: [" + folder + "]");
            if (charset.equals(StandardCharsets.US_ASCII)) {
                String heard =
                        heard(locale);
                String shown = shown(places + "/" + heard);
                expected.add(there + " "
                        + refusal("a name: program=" + shown + "/here.jar", charset));
                expected.add(there + " " + refusal("a name: directory=" + shown, charset));
            } else {
                expected.add(there + " jar 0: [here]");
                expected.add(there + " directory: as it was");
            }
        }
        assertThat(said).containsExactlyElementsOf(expected);
    }

    /// A word as error texts show it, in ASCII.
    private static String shown(String word) {
        StringBuilder ascii = new StringBuilder();
        Printable.of(word).chars().forEach(letter -> ascii.append(
                letter < 0x80 ? "" + (char) letter : "\\u%04x".formatted(letter)));
        return ascii.toString();
    }

    private static Charset charset(String locale) {
        return Objects.requireNonNull(LOCALES.get(locale));
    }

    /// The odd name as a JVM in that locale reads it.
    private static String heard(String locale) {
        return new String(ODD.getBytes(StandardCharsets.UTF_8), charset(locale));
    }

    private static List<String> childLocales() {
        return List.of("C", LATIN, "C.UTF-8", "xx_XX.UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {LATIN, "C.UTF-8"})
    void socketLiesInAFolderOfAnyLetters(String locale) throws Exception {
        String heard = heard(locale);

        assertThat(host(locale, "server", places, List.of()))
                .containsExactly(shown(places + "/" + heard) + ": here");
    }

    /// @param place also the folder for the host's sockets, if it has a folder in it
    private List<String> host(String locale, String what, Path place, List<String> theirs)
            throws Exception {
        Path locales = Files.createDirectories(folder.resolve("locales"));
        if (!Files.exists(locales.resolve(LATIN))) {
            int _ = run("localedef", "-i", "en_US", "-f", "ISO-8859-1",
                    locales.resolve(LATIN).toString());
        }
        assumeTrue(Files.isDirectory(locales.resolve(LATIN)),
                "no locale could be made: localedef, or the package locales, is not installed");
        List<String> arguments = new ArrayList<>(List.of(what, place.toString()));
        arguments.addAll(theirs);
        // The shell finds the folder by its bytes.
        var host = children.command().under("sh", "-c",
                "INHERITED=$(printf 'g\\303\\274'); export INHERITED; for place in \"$0\"/g*; do"
                        + " test -d \"$place\" && export XDG_RUNTIME_DIR=\"$place\"; done;"
                        + " exec \"$@\"",
                place.toString()).piped().environment("LC_ALL", locale)
                .environment("LOCPATH", locales.toString())
                .start(LettersHost.class, arguments.toArray(String[]::new));
        host.awaitExit(0);
        return host.captured().lines();
    }
}
