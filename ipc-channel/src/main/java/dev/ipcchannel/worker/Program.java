package dev.ipcchannel.worker;

import dev.ipcchannel.internal.rendezvous.Parenthood;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a child runs.
sealed interface Program {

    /// A class by its name.
    ///
    /// @param classPath where it and all that it needs is found
    record MainClass(String name, String classPath) implements Program {}

    /// A class of a named module.
    ///
    /// @param modulePath where it and all that it needs is found
    /// @param classPath for what is in no module
    record InModule(String module, String name, String modulePath, String classPath)
            implements Program {}

    /// A jar that says itself what runs.
    record Jar(Path jar) implements Program {}

    /// A source file, as the parent was started from it.
    record Source(Path file, String classPath) implements Program {}

    /// Any command.
    record Command(List<String> words) implements Program {}

    /// The program whose `main` is in that class, found where the parent has found it.
    ///
    /// @throws IllegalArgumentException if it is of a source file that starts another class
    static Program of(Class<?> main) {
        String sourceFile = System.getProperty("jdk.launcher.sourcefile");
        if (sourceFile != null && isOfSourceFile(main)) {
            return new Source(SourceFile.of(main, Path.of(sourceFile).toAbsolutePath()),
                    classPath());
        }
        Module module = main.getModule();
        return module.isNamed()
                ? new InModule(module.getName(), main.getName(), modulePath(), classPath())
                : of(main.getName());
    }

    /// The program whose `main` is in the class of that name, on the class path.
    static Program of(String mainClass) {
        return new MainClass(mainClass, classPath());
    }

    private static String classPath() {
        return absolute(System.getProperty("java.class.path", ""));
    }

    private static String modulePath() {
        return absolute(System.getProperty("jdk.module.path", ""));
    }

    /// The child may have another working directory than this process.
    static String absolute(String path) {
        return path.isEmpty() ? path : Stream.of(path.split(File.pathSeparator, -1))
                .map(Program::absoluteEntry).collect(Collectors.joining(File.pathSeparator));
    }

    /// One in letters that this locale does not have stays as it is, to be refused by its name.
    private static String absoluteEntry(String entry) {
        try {
            return Path.of(entry).toAbsolutePath().toString();
        } catch (InvalidPathException _) {
            return entry;
        }
    }

    /// Whether `java File.java` has compiled it: then no class file is anywhere.
    private static boolean isOfSourceFile(Class<?> main) {
        ClassLoader loader = main.getClassLoader();
        return loader != null
                && loader.getClass().getName().startsWith("com.sun.tools.javac.launcher.");
    }

    /// Whether it is a JVM that runs it.
    default boolean isJvm() {
        return !(this instanceof Command);
    }

    /// Whether it is what this process runs: its main class, jar, source file, or the command that
    /// it was started by.
    default boolean isThisProcess() {
        return switch (this) {
            case MainClass(String name, _) -> name.equals(ownMainClass());
            case InModule(_, String name, _, _) -> name.equals(ownMainClass());
            case Jar(Path jar) -> isSame(jar, ownJar());
            case Source(Path file, _) ->
                    isSame(file, System.getProperty("jdk.launcher.sourcefile"));
            case Command _ -> digest().equals(Parenthood.said(Parenthood.COMMAND));
        };
    }

    /// Its name as Java has it: `java` takes `shop/Main` as well, and says `module/shop.Main`.
    private static String ownMainClass() {
        String inModule = System.getProperty("jdk.module.main.class");
        return inModule != null ? inModule
                : System.getProperty("sun.java.command", "").split(" ", 2)[0].replace('/', '.');
    }

    /// The class path is that jar alone then, and stands where a main class would.
    private static @Nullable String ownJar() {
        String classPath = System.getProperty("java.class.path", "");
        return System.getProperty("sun.java.command", "").startsWith(classPath) ? classPath : null;
    }

    /// @param own where the program of this process is, if it is of that kind
    private static boolean isSame(Path path, @Nullable String own) {
        try {
            return own != null && Files.isSameFile(path, Path.of(own));
        } catch (IOException | InvalidPathException _) { // a class path, say
            return false;
        }
    }

    /// What tells its words from those of other programs.
    default String digest() {
        return "%08x".formatted(words().hashCode());
    }

    /// The file that is the program, behind its words, where it is one.
    default @Nullable Path file() {
        return switch (this) {
            case Jar(Path jar) -> jar;
            case Source(Path file, _) -> file;
            case MainClass _,InModule _,Command _ -> null;
        };
    }

    /// What stands behind the options of `java`, or the whole command where it is none; [#file]
    /// comes after it.
    default List<String> words() {
        return switch (this) {
            case MainClass(String name, String classPath) -> join(library(), on("-cp", classPath),
                    List.of(name));
            case InModule(String module, String name, String modulePath, String classPath) ->
                    join(on("--module-path", modulePath), on("-cp", classPath),
                            List.of("--module", module + "/" + name));
            case Jar _ -> List.of("-jar");
            case Source(_, String classPath) -> join(library(), on("-cp", classPath), List.of());
            case Command(List<String> words) -> words;
        };
    }

    /// Where the library is a module and the program is in none, nothing else would bring it along.
    private static List<String> library() {
        Module library = Program.class.getModule();
        return library.isNamed()
                ? join(on("--module-path", modulePath()),
                        List.of("--add-modules", library.getName()), List.of())
                : List.of();
    }

    private static List<String> on(String option, String path) {
        return path.isEmpty() ? List.of() : List.of(option, path);
    }

    private static List<String> join(List<String> first, List<String> second,
            List<String> third) {
        return Stream.of(first, second, third).flatMap(List::stream).toList();
    }

    /// What runs, without where it is found: for messages.
    default String shown() {
        return switch (this) {
            case MainClass(String name, _) -> name;
            case InModule(String module, String name, _, _) -> module + "/" + name;
            case Jar(Path jar) -> "-jar " + jar;
            case Source(Path file, _) -> file.toString();
            case Command(List<String> words) -> String.join(" ", words);
        };
    }

    /// The files and folders that its classes come from, none where that is not known.
    default List<Path> classSources() {
        if (this instanceof Jar(Path jar)) {
            return List.of(jar);
        }
        String path = switch (this) {
            case MainClass(_, String classPath) -> classPath;
            case InModule(_, _, String modulePath, String classPath) ->
                    modulePath + File.pathSeparator + classPath;
            case Jar _,Source _,Command _ -> "";
        };
        return Stream.of(path.split(File.pathSeparator)).filter(entry -> !entry.isEmpty())
                .map(Path::of).collect(Collectors.toList());
    }

    /// What native access has to be given to.
    default String nativeAccess() {
        Module library = Program.class.getModule();
        return library.isNamed() && !(this instanceof Jar) ? library.getName() : "ALL-UNNAMED";
    }
}
