package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The truth of each package's `package-info.java`, the page of that room.
///
/// One paragraph has the form ``Used by `room`, …; uses `room`, …. Start with [Type], ….``. The
/// list after it has each type of the package once, in square brackets. A type of another room has
/// its package, or is in code quotes. A room is named by what follows `dev.ipcchannel.`; the ground
/// floor, which all may use, is left out.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PackageInfoTest {

    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final String ROOT = "dev.ipcchannel";
    private static final String GROUND = "internal.base";
    private static final String FORM = "Used by `room`, …; uses `room`, …. Start with [Type], ….";

    private static final Pattern COMMENT = Pattern.compile("///? ?");
    private static final Pattern SECTION = Pattern.compile(
            "Used by ([^\n]+); uses ([^\n]+)\\. Start with ([^\n]+)\n\n(.*)", Pattern.DOTALL);
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern BRACKETED = Pattern.compile("\\[([A-Z]\\w*)]");

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .importUrl(Channel.class.getProtectionDomain().getCodeSource().getLocation());

    /// The contents of a room's page.
    ///
    /// @param room its name after `dev.ipcchannel.`
    /// @param types its source files
    private record Page(String room, List<String> types, Set<String> users, Set<String> used,
            List<String> starts, List<String> listed) {}

    @Test
    void everyTypeStandsInTheListOfItsPackageOnce() {
        List<String> wrong = new ArrayList<>();
        for (Page page : pages()) {
            String place = "package-info.java of " + page.room() + ": ";
            page.types().stream().filter(type -> !page.listed().contains(type))
                    .forEach(type -> wrong.add(place + "its list lacks [" + type + "]"));
            page.listed().stream().distinct().filter(type -> !page.types().contains(type))
                    .forEach(type -> wrong.add(place + "its list has [" + type + "], which is no"
                            + " type of the package: remove it, or put it in code quotes"));
            page.listed().stream().distinct()
                    .filter(type -> Collections.frequency(page.listed(), type) > 1)
                    .forEach(type -> wrong.add(place + "its list has [" + type + "] twice"));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageSaysWhereToStart() {
        List<String> wrong = new ArrayList<>();
        for (Page page : pages()) {
            if (page.starts().isEmpty() || !page.types().containsAll(page.starts())) {
                wrong.add(
                        "package-info.java of %s: after \"Start with\" stand %s, and ought to stand"
                                .formatted(page.room(), page.starts()) + " types of the package");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageNamesTheRoomsThatUseItAndThoseThatItUses() {
        Map<String, Set<String>> uses = uses();
        List<String> wrong = new ArrayList<>();
        for (Page page : pages()) {
            compare(page.room() + " uses", page.used(), uses.getOrDefault(page.room(), Set.of()),
                    wrong);
            Set<String> users = new TreeSet<>();
            uses.forEach((room, used) -> {
                if (used.contains(page.room())) {
                    users.add(room);
                }
            });
            compare(page.room() + " is used by", page.users(), users, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static void compare(String what, Set<String> said, Set<String> so,
            List<String> wrong) {
        if (!so.equals(said)) {
            wrong.add("%s %s, and its package-info.java says %s".formatted(what, quoted(so),
                    quoted(said)));
        }
    }

    private static String quoted(Set<String> rooms) {
        return rooms.isEmpty() ? "none" : "`" + String.join("`, `", rooms) + "`";
    }

    /// The rooms that each room uses, except itself and the ground floor.
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass type : LIBRARY) {
            String room = RoomsTest.room(type);
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .map(RoomsTest::room)
                    .filter(other -> !other.equals(room) && !other.equals(GROUND))
                    .forEach(other -> uses.computeIfAbsent(room, _ -> new TreeSet<>()).add(other));
        }
        return uses;
    }

    private static List<Page> pages() {
        try (Stream<Path> folders = Files.walk(SOURCES)) {
            List<Page> pages = folders.filter(Files::isDirectory)
                    .filter(folder -> !types(folder).isEmpty()).map(PackageInfoTest::page).toList();
            assertThat(pages).hasSizeGreaterThan(1);
            return pages;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Page page(Path folder) {
        String name = SOURCES.relativize(folder).toString().replace('/', '.');
        String room = name.equals(ROOT) ? ROOT : name.substring(ROOT.length() + 1);
        Path file = folder.resolve("package-info.java");
        assertThat(file).isRegularFile();
        Matcher section = SECTION.matcher(comments(file));
        assertThat(section.find()).as("%s has a paragraph of the form %s, and a list after it",
                file, FORM).isTrue();
        return new Page(room, types(folder), rooms(section.group(1)), rooms(section.group(2)),
                all(BRACKETED, section.group(3)), all(BRACKETED, section.group(4)));
    }

    /// The text of the comments, each paragraph as one line.
    private static String comments(Path file) {
        return lines(file).stream().filter(line -> line.startsWith("//"))
                .map(line -> COMMENT.matcher(line).replaceFirst(""))
                .collect(Collectors.joining("\n")).replaceAll("(?<!\n)\n(?![\n-])", " ") + "\n";
    }

    private static List<String> types(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length())).sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Set<String> rooms(String text) {
        Set<String> rooms = new TreeSet<>(all(QUOTED, text));
        rooms.remove(GROUND);
        return rooms;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
