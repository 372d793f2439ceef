package dev.ipcchannel.internal.launch;

import dev.ipcchannel.internal.rendezvous.ParentProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program that a child runs, as words for `java` or as a command.
public sealed interface Program {

    /// A class by its name.
    ///
    /// @param classPath with the class and everything that it needs
    /// @param options that its JVM needs
    record MainClass(String name, String classPath, List<String> options) implements Program {}

    /// A class in an archive of Spring Boot, which has jars inside.
    ///
    /// @param launcher a class of Boot in the archive, which starts others
    /// @param archive the archive
    /// @param options of the launcher, as properties
    record BootClass(String name, String launcher, String archive, List<String> options)
            implements Program {}

    /// A class of a named module.
    ///
    /// @param modulePath with the module and everything that it needs
    /// @param classPath for classes of no module
    /// @param options that make the module the same as here
    record InModule(String module, String name, String modulePath, String classPath,
            List<String> options) implements Program {}

    /// A jar that names its main class itself.
    record Jar(Path jar) implements Program {}

    /// A source file, as the parent was started from it.
    ///
    /// @param options for its compilation
    record Source(Path file, String classPath, List<String> options) implements Program {}

    /// A command of any words.
    record Command(List<String> words) implements Program {}

    /// The program whose `main` is in that class, found where the parent has found it.
    ///
    /// @throws IllegalArgumentException if a child cannot find it, because it belongs to a source
    /// file that starts another class, or because its class loader does not reveal where it reads
    static Program of(Class<?> main) {
        String sourceFile = System.getProperty("jdk.launcher.sourcefile");
        if (sourceFile != null && SourceFile.hasCompiled(main)) {
            Path file = SourceFile.of(main, Path.of(sourceFile).toAbsolutePath());
            return new Source(file, LoaderPath.own(),
                    SourceFile.options(file, ClassPlace.of(main)));
        }
        return main.getModule().isNamed() ? ModulePlace.program(main)
                : LoaderPath.program(main.getName(), main.getClassLoader(), ClassPlace.of(main));
    }

    /// The program whose `main` is in the class of that name, found where this library is, or where
    /// the calling thread looks: on the class path in most programs. If the name is not found, the
    /// child reports that.
    ///
    /// @throws IllegalArgumentException if it is found here, and a child cannot find it
    static Program of(String mainClass) {
        ClassLoader[] loaders = {Program.class.getClassLoader(),
            Thread.currentThread().getContextClassLoader(), ClassLoader.getSystemClassLoader()};
        for (ClassLoader loader : loaders) {
            ClassPlace place = ClassPlace.of(mainClass, loader);
            if (place != null) {
                Module module = ModulePlace.of(mainClass, loader);
                return module != null ? ModulePlace.program(mainClass, module, place)
                        : LoaderPath.program(mainClass, loader, place);
            }
        }
        return new MainClass(mainClass, LoaderPath.own(), List.of());
    }

    /// Whether a JVM runs it.
    default boolean isJvm() {
        return !(this instanceof Command);
    }

    /// Whether this process runs the same: its main class, jar or source file, or the command by
    /// which it was started.
    default boolean isThisProcess() {
        return switch (this) {
            case MainClass(String name, _, _) -> name.equals(ownMainClass());
            case BootClass(String name, _, _, _) -> name.equals(ownMainClass());
            case InModule(_, String name, _, _, _) -> name.equals(ownMainClass());
            case Jar(Path jar) -> LoaderPath.isSame(jar, ownJar());
            case Source(Path file, _, _) -> LoaderPath.isSame(file,
                    System.getProperty("jdk.launcher.sourcefile"));
            case Command _ -> digest().equals(ParentProcess.mark(ParentProcess.COMMAND));
        };
    }

    /// The name of this process's main class, in Java's form: `java` also takes `shop/Main`, and
    /// reports `module/shop.Main`. For a jar it is in the manifest; for one of Boot's it is the
    /// class that the launcher starts.
    private static @Nullable String ownMainClass() {
        String inModule = System.getProperty("jdk.module.main.class");
        if (inModule != null) {
            return inModule;
        }
        String launched = System.getProperty("loader.main");
        if (launched != null) {
            return launched;
        }
        String jar = ownJar();
        return jar == null ? System.getProperty("sun.java.command", "").split(" ", 2)[0]
                .replace('/', '.') : mainClass(jar);
    }

    private static @Nullable String mainClass(String jar) {
        try (JarFile opened = new JarFile(jar)) {
            Manifest manifest = opened.getManifest();
            Attributes attributes =
                    manifest == null ? new Attributes() : manifest.getMainAttributes();
            String boots = attributes.getValue("Start-Class");
            return boots == null ? attributes.getValue(Attributes.Name.MAIN_CLASS) : boots;
        } catch (IOException _) { // it was replaced while it runs, for instance
            return null;
        }
    }

    /// This process's jar: then it is the whole class path, and takes the place of a main class.
    private static @Nullable String ownJar() {
        String classPath = System.getProperty("java.class.path", "");
        String command = System.getProperty("sun.java.command", "");
        return !classPath.isEmpty() && (command + " ").startsWith(classPath + " ") ? classPath
                : null;
    }

    /// A digest of its words, to compare it with other programs.
    default String digest() {
        return "%08x".formatted(words().hashCode());
    }

    /// The file that is the program, after its words; null if there is none.
    default @Nullable Path file() {
        return switch (this) {
            case Jar(Path jar) -> jar;
            case Source(Path file, _, _) -> file;
            case MainClass _,BootClass _,InModule _,Command _ -> null;
        };
    }

    /// The words after the options of `java`, or the whole command if it is not a JVM; [#file]
    /// comes after them.
    default List<String> words() {
        return switch (this) {
            case MainClass(String name, String classPath, var options) ->
                    joined(Stream.of(options, library(),
                            on("-cp", classPath), List.of(name)));
            case BootClass(_, String launcher, String archive, var options) ->
                    joined(Stream.of(options,
                            on("-cp", archive), List.of(launcher)));
            case InModule(var module, var name, String modulePath, String classPath, var options) ->
                    joined(Stream.of(on("--module-path", modulePath), on("-cp", classPath),
                            options, on("--add-modules", ModulePlace.gson()),
                            List.of("--module", module + "/" + name)));
            case Jar _ -> List.of("-jar");
            case Source(_, String classPath, var options) ->
                    joined(Stream.of(library(), on("-cp", classPath),
                            options));
            case Command(List<String> words) -> words;
        };
    }

    /// The options for the library if it is a module and the program is not: nothing else would add
    /// it.
    private static List<String> library() {
        Module library = Program.class.getModule();
        return library.isNamed()
                ? joined(Stream.of(on("--module-path", ModulePlace.path(library.getLayer())),
                        List.of("--add-modules", library.getName()),
                        on("--add-modules", ModulePlace.gson())))
                : List.of();
    }

    private static List<String> on(String option, String path) {
        return path.isEmpty() ? List.of() : List.of(option, path);
    }

    private static List<String> joined(Stream<List<String>> parts) {
        return parts.flatMap(List::stream).toList();
    }

    /// The program without the places of its classes: for messages.
    default String shown() {
        return switch (this) {
            case MainClass(String name, _, _) -> name;
            case BootClass(String name, _, _, _) -> name;
            case InModule(String module, String name, _, _, _) -> module + "/" + name;
            case Jar(Path jar) -> "-jar " + jar;
            case Source(Path file, _, _) -> file.toString();
            case Command(List<String> words) -> String.join(" ", words);
        };
    }

    /// The files and folders of its classes; none if they are not known.
    default List<Path> classSources() {
        if (this instanceof Jar(Path jar)) {
            return List.of(jar);
        }
        String path = switch (this) {
            case MainClass(_, String classPath, _) -> classPath;
            case BootClass(_, _, String archive, _) -> archive;
            case InModule(_, _, String modulePath, String classPath, _) ->
                    modulePath + File.pathSeparator + classPath;
            case Jar _,Source _,Command _ -> "";
        };
        return Stream.of(path.split(File.pathSeparator)).filter(entry -> !entry.isEmpty())
                .map(Path::of).collect(Collectors.toList());
    }

    /// The module that needs native access.
    default String nativeAccess() {
        Module library = Program.class.getModule();
        return library.isNamed() && !(this instanceof Jar) ? library.getName() : "ALL-UNNAMED";
    }
}
