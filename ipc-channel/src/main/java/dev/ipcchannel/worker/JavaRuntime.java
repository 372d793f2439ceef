package dev.ipcchannel.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `java` and what it says of itself, without being started.
///
/// @param java the program
/// @param version the exact build; empty if it does not say
/// @param feature the number that people call it by, 25 for instance; 0 if it does not say
record JavaRuntime(Path java, String version, int feature) {

    private static final Pattern VERSION =
            Pattern.compile("(?m)^JAVA_RUNTIME_VERSION=\"?((\\d+)[^\"\\s]*)");

    /// That of the calling program.
    static JavaRuntime own() {
        return new JavaRuntime(Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.vm.version", ""), Runtime.version().feature());
    }

    /// Another one.
    static JavaRuntime at(Path java) {
        try {
            Path release = java.toRealPath().resolveSibling("../release"); // java is in bin
            Matcher found =
                    VERSION.matcher(Files.readString(release, StandardCharsets.UTF_8));
            if (found.find()) {
                return new JavaRuntime(java, found.group(1), Integer.parseInt(found.group(2)));
            }
        } catch (IOException | NumberFormatException _) {
            // It may be a wrapper, or on the PATH: then nothing is known of it.
        }
        return new JavaRuntime(java, "", 0);
    }
}
