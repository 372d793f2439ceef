package dev.ipcchannel.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where an installed Java may be: the variables that name one, the PATH, the usual folders.
 *
 * <p>The same places as in scripts/lib.sh.
 */
final class JavaSearch {

    // each entry of each of these folders may be a Java
    private static final List<String> FOLDERS = Collections.unmodifiableList(Arrays.asList(
            "/usr/lib/jvm", "/usr/lib64/jvm", "/usr/java", "/usr/local", "/usr/local/java", "/opt",
            "/opt/java", "~/.sdkman/candidates/java", "~/.jdks", "~/.gradle/jdks",
            "~/.asdf/installs/java", "~/.local/share/mise/installs/java"));

    private final Map<String, String> environment;
    private final String userHome;

    JavaSearch(Map<String, String> environment, String userHome) {
        this.environment = environment;
        this.userHome = userHome;
    }

    /** The first Java of the wanted version or newer. */
    Optional<JavaHome> first(int wanted) {
        for (JavaHome java : all()) {
            if (java.feature() >= wanted) {
                return Optional.of(java);
            }
        }
        return Optional.empty();
    }

    /** Every Java there is, once each, best place first. */
    List<JavaHome> all() {
        List<Path> candidates = new ArrayList<>();
        addVariables(candidates);
        addPath(candidates);
        addFolders(candidates);

        Map<Path, JavaHome> found = new LinkedHashMap<>();
        for (Path candidate : candidates) {
            JavaHome.at(candidate).ifPresent(java -> found.putIfAbsent(real(candidate), java));
        }
        return new ArrayList<>(found.values());
    }

    /** The places in words, for the message that nothing was found in them. */
    static String places() {
        return "JAVA_HOME, JDK_HOME, JAVA*HOME*, the PATH, " + String.join(", ", FOLDERS);
    }

    private void addVariables(List<Path> candidates) {
        List<String> names = new ArrayList<>(Arrays.asList("JAVA_HOME", "JDK_HOME"));
        for (String name : new TreeMap<>(environment).keySet()) {
            if (name.matches("(JAVA|JDK).*HOME.*")) { // JAVA25_HOME, JAVA_HOME_25_X64, JDK_25_HOME
                names.add(name);
            }
        }
        for (String name : names) {
            path(environment.getOrDefault(name, "")).ifPresent(candidates::add);
        }
    }

    private void addPath(List<Path> candidates) {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, 0)) {
            path(folder, "java")
                    .filter(Files::isExecutable)
                    .map(java -> real(java).getParent()) // through links, to the bin of its home
                    .map(Path::getParent)
                    .ifPresent(candidates::add);
        }
    }

    private void addFolders(List<Path> candidates) {
        for (String folder : FOLDERS) {
            path(folder.startsWith("~") ? userHome + folder.substring(1) : folder)
                    .filter(Files::isDirectory)
                    .ifPresent(parent -> candidates.addAll(sortedEntries(parent)));
        }
    }

    private static List<Path> sortedEntries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException unreadable) {
            entries.clear();
        }
        Collections.sort(entries);
        return entries;
    }

    /** Empty also for text that is no path: what the environment says may be anything. */
    private static Optional<Path> path(String first, String... more) {
        try {
            return first.isEmpty() ? Optional.empty() : Optional.of(Paths.get(first, more));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }
}
