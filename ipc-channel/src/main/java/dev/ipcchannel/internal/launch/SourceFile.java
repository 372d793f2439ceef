package dev.ipcchannel.internal.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A source file as `java File.java` runs it: always with the same class, whichever of its classes
/// a child needs.
final class SourceFile {

    private static final String LAUNCHER = "com.sun.tools.javac.launcher.";
    private static final String MAIN_THREAD = "main";
    private static final List<String> NOT_THE_PROGRAM =
            List.of("java.", "jdk.", "sun.", LAUNCHER);
    private static final String SUFFIX = ".java";

    private SourceFile() {}

    /// Whether `java File.java` has compiled it: then there is no class file.
    static boolean hasCompiled(Class<?> main) {
        ClassLoader loader = main.getClassLoader();
        return loader != null && loader.getClass().getName().startsWith(LAUNCHER);
    }

    /// The options by which `java` takes a file for a source file, and compiles it as before.
    static List<String> options(Path file, @Nullable ClassPlace place) {
        int own = Runtime.version().feature();
        int release = place == null || place.release() == 0 ? own : place.release();
        List<String> options = new ArrayList<>();
        // A script after #!, for instance.
        if (release != own || !file.toString().endsWith(SUFFIX)) {
            options.addAll(List.of("--source", Integer.toString(release)));
        }
        if (place != null && place.isPreview()) {
            options.add("--enable-preview");
        }
        return options;
    }

    /// The file that runs `main`.
    ///
    /// @param started the file that this process was started from; another one lies beside it
    /// @throws IllegalArgumentException if there is none: the child would be another parent, with a
    /// child, and so on
    static Path of(Class<?> main, Path started) {
        if (!Files.isRegularFile(started)) {
            throw new IllegalArgumentException(("a source that came by a pipe is gone once it is"
                    + " read: file=%s, class=%s: write it to a file and start that").formatted(
                            started, main.getName()));
        }
        return of(main, started, launched());
    }

    /// @param launched the class that runs if `started` does; null if it is not known
    static Path of(Class<?> main, Path started, @Nullable String launched) {
        Path beside = beside(main, started, launched);
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

    /// The place where `java` would find it: below the folder with the packages.
    private static Path beside(Class<?> main, Path started, @Nullable String launched) {
        String name = main.getSimpleName() + SUFFIX;
        Path folder = started.resolveSibling("").toAbsolutePath().normalize();
        String own = packageOf(launched == null ? main.getName() : launched);
        if (own.equals(main.getPackageName())) {
            return started.resolveSibling(name);
        }
        for (Path above = Path.of(own.replace('.', '/')); !own.isEmpty() && above != null
                && folder != null; above = above.getParent()) {
            folder = folder.getParent();
        }
        return folder == null ? started.resolveSibling(name)
                : folder.resolve(main.getPackageName().replace('.', '/')).resolve(name);
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /// The class whose `main` the main thread runs: the outermost that is not the JDK's. Null if
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
