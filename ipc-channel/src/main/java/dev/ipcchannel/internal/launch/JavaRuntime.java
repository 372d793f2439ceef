package dev.ipcchannel.internal.launch;

import dev.ipcchannel.internal.posix.FileNames;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `java` program and its version, found without a start of it.
///
/// @param java the program
/// @param version the exact build; empty if it is not known
/// @param feature the number of the release, 25 for instance; 0 if it is not known
public record JavaRuntime(Path java, String version, int feature) {

    private static final Pattern VERSION =
            Pattern.compile("(?m)^JAVA_RUNTIME_VERSION=\"?((\\d+)[^\"\\s]*)");

    /// The runtime of this JVM.
    public static JavaRuntime own() {
        return new JavaRuntime(Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.vm.version", ""), Runtime.version().feature());
    }

    /// Another runtime. A path with a folder is relative to this process's working directory, not
    /// to the child's; a name alone is looked for on the PATH.
    public static JavaRuntime at(Path program) {
        Path java = program.toString().indexOf('/') < 0 ? onPath(program)
                : program.toAbsolutePath();
        try {
            Path release = java.toRealPath().resolveSibling("../release"); // java is in bin
            Matcher found =
                    VERSION.matcher(Files.readString(release, StandardCharsets.UTF_8));
            if (found.find()) {
                return new JavaRuntime(java, found.group(1), Integer.parseInt(found.group(2)));
            }
        } catch (IOException | NumberFormatException _) {
            // It may be a wrapper: then nothing is known of it.
        }
        return new JavaRuntime(java, "", 0);
    }

    /// The program as the system finds it; the name itself if the system does not.
    private static Path onPath(Path name) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .filter(folder -> FileNames.canHold(folder))
                .map(folder -> Path.of(folder).resolve(name).toAbsolutePath())
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst().orElse(name);
    }
}
