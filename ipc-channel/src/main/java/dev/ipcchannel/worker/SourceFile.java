package dev.ipcchannel.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A source file as `java File.java` runs it: by one class in it, whichever class a child is to be.
final class SourceFile {

    private static final String MAIN_THREAD = "main";
    private static final List<String> NOT_THE_PROGRAM =
            List.of("java.", "jdk.", "sun.", "com.sun.tools.javac.launcher.");

    private SourceFile() {}

    /// The file that runs `main`.
    ///
    /// @param started the one that this process was started from; another one lies beside it
    /// @throws IllegalArgumentException if none does: the child would be another parent, with a
    /// child, and so on
    static Path of(Class<?> main, Path started) {
        return of(main, started, launched());
    }

    /// @param launched the class that runs where `started` does; null where that is not known
    static Path of(Class<?> main, Path started, @Nullable String launched) {
        Path beside = started.resolveSibling(main.getSimpleName() + ".java");
        boolean isBeside = Files.isRegularFile(beside) && !beside.equals(started);
        boolean isLaunched = launched == null ? !isBeside : launched.equals(main.getName());
        if (main.isMemberClass() || (!isLaunched && !isBeside)) {
            throw new IllegalArgumentException(
                    ("a source file runs by one class alone: file=%s, that class=%s, asked for=%s:"
                            + " put that into a file of its own beside it, %s.java")
                            .formatted(started, launched, main.getName(), main.getSimpleName()));
        }
        return isLaunched ? started : beside;
    }

    /// The class whose `main` the main thread is in: the outermost that is not the JDK's. Null when
    /// that thread has ended.
    private static @Nullable String launched() {
        for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces()
                .entrySet()) {
            if (thread.getKey().getName().equals(MAIN_THREAD)) {
                return List.of(thread.getValue()).reversed().stream()
                        .map(StackTraceElement::getClassName)
                        .filter(name -> NOT_THE_PROGRAM.stream().noneMatch(name::startsWith))
                        .findFirst().orElse(null);
            }
        }
        return null;
    }
}
