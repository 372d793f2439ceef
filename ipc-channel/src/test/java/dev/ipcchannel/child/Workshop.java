package dev.ipcchannel.child;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.ipcchannel.Channel;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ClassFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A workshop that makes small programs in a folder, and the library as users have it.
///
/// @param folder for all files
record Workshop(Path folder) {

    /// A program that is parent and child.
    static final String ECHO = """
            import dev.ipcchannel.child.ChildJvm;
            import java.nio.file.Path;

            public class Echo {
                public static void main(String[] arguments) throws Exception {
                    if (ChildJvm.isChild()) {
                        try (var parent = ChildJvm.parent(String.class, String.class)) {
                            parent.send("you say " + parent.receive());
                        }
                        return;
                    }
                    var echo = ChildJvm.of(Echo.class).directory(Path.of("/"));
                    try (var child = echo.start(String.class, String.class)) {
                        child.send("hello");
                        System.out.println(child.receive());
                    }
                }
            }
            """;

    /// The flags of a JVM that starts fast.
    static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /// Its output.
    static final String ANSWER = "you say hello";

    private static final Path MODULE = Path.of("src", "main", "module", "module-info.java");

    /// A program of this JDK.
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /// The jar that the library needs.
    static Path gson() {
        return ClassFiles.rootOf(Gson.class);
    }

    /// A folder with the library's classes, which are a module.
    Path library() throws IOException {
        Path classes = ClassFiles.rootOf(Channel.class);
        Path library = Files.createDirectories(folder.resolve("library"));
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = library.resolve(classes.relativize(file).toString());
                Files.createDirectories(copy.resolveSibling(""));
                Files.copy(file, copy);
            }
        }
        Files.deleteIfExists(library.resolve("module-info.class"));
        run("javac", "-d", library.toString(), "--patch-module", "dev.ipcchannel=" + library,
                "--module-path", gson() + ":" + ClassFiles.rootOf(Nullable.class),
                MODULE.toAbsolutePath().toString());
        return library;
    }

    /// Compiles a source file, and the others given, to a folder of its name.
    ///
    /// @param options for instance the library's place
    Path compile(String name, List<String> options, Path... sources) {
        Path classes = folder.resolve(name);
        List<String> words = new ArrayList<>(List.of("-d", classes.toString()));
        words.addAll(options);
        Stream.of(sources).map(Path::toString).forEach(words::add);
        run("javac", words.toArray(String[]::new));
        return classes;
    }

    /// Writes a source file.
    Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    /// Makes a jar of a folder.
    ///
    /// @param mainClass empty if it runs nothing
    /// @param classPath further jars
    Path jar(Path classes, String mainClass, Path... classPath) throws IOException {
        Path jar = folder.resolve(classes.getFileName() + ".jar");
        List<String> others = Stream.of(classPath).map(path -> path.toUri().toString()).toList();
        Path manifest = write("manifest.txt", (mainClass.isEmpty() ? "" : "Main-Class: " + mainClass
                + "\n") + (others.isEmpty() ? ""
                        : "Class-Path: "
                                + String.join("\n  ", others) + "\n"));
        run("jar", "--create", "--file", jar.toString(), "--manifest", manifest.toString(), "-C",
                classes.toString(), ".");
        return jar;
    }

    /// Runs a parent to its end, in this folder.
    ChildOutput java(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool("java")));
        command.addAll(List.of(QUICK.split(" ")));
        command.addAll(List.of(words));
        return command(command.toArray(String[]::new));
    }

    /// The same by any command.
    ChildOutput command(String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().put("XDG_CACHE_HOME", folder.toString());
        try (ChildOutput parent = ChildOutput.capture(builder.start())) {
            parent.awaitExit(Children.PATIENCE);
            return parent;
        }
    }

    /// Asserts that this was a parent whose child has answered.
    static void assertSays(ChildOutput parent) {
        assertThat(parent.errorLines()).isEmpty();
        assertThat(parent.lines()).containsExactly(ANSWER);
        assertThat(parent.process().exitValue()).isZero();
    }

    private static void run(String tool, String... words) {
        assertThat(ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, words))
                .as("exit code of %s", tool).isZero();
    }
}
