package dev.ipcchannel.internal.launch;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The class path of a class loader: another JVM finds on it what this loader finds.
///
/// A `URLClassLoader` can be listed: those of the exec plugin, of Surefire in Maven's own JVM and
/// of servers are such. The JDK's own loader can be listed too. The loader's entries come first,
/// then those of the loaders above it, because most loaders other than the JDK's search themselves
/// first, and the child's class is in this loader. Spring Boot's loader reads jars within a jar,
/// which no class path can name: then Boot's own launcher starts the child. A class that is in no
/// list, because the loader makes it or does not reveal where it reads, is refused.
final class LoaderPath {

    private static final String BOOT = "org.springframework.boot.loader.";
    // In a package that depends on the version.
    private static final String BOOT_LAUNCHER = ".PropertiesLauncher";
    private static final String WAR = "WEB-INF/";

    private LoaderPath() {}

    /// The program whose `main` is in a class of no named module.
    ///
    /// @param place of the class's file; null if that is not known
    /// @throws IllegalArgumentException if a child cannot find it
    static Program program(String name, @Nullable ClassLoader loader, @Nullable ClassPlace place) {
        if (place == null) {
            throw refused("of which there is no file", name, loader);
        }
        List<String> options = place.isPreview() ? List.of("--enable-preview") : List.of();
        if (place.root() == null) {
            if (loader == null || !isBoot(loader)) {
                throw refused("whose file is in no folder and no jar", name, loader);
            }
            return boot(name, loader, place, options);
        }
        return new Program.MainClass(name, classPath(name, loader, place.root()),
                Stream.concat(loaderOption(loader), options.stream()).toList());
    }

    private static Program boot(String name, ClassLoader loader, ClassPlace place,
            List<String> options) {
        List<String> all = new ArrayList<>(List.of("-Dloader.main=" + name,
                // Relative to it are a user's own settings.
                "-Dloader.home=" + Path.of("").toAbsolutePath()));
        String path = System.getProperty("loader.path");
        if (path != null) {
            all.add("-Dloader.path=" + path);
        } else if (place.url().getPath().contains(WAR)) { // it looks only in the folders of jars
            all.add("-Dloader.path=WEB-INF/classes,WEB-INF/lib,WEB-INF/lib-provided");
        }
        all.addAll(options);
        return new Program.BootClass(name, loader.getClass().getPackageName() + BOOT_LAUNCHER,
                own(), all);
    }

    /// Whether it is Boot's loader of an archive; for an unpacked archive it is an ordinary
    /// `URLClassLoader`.
    private static boolean isBoot(ClassLoader loader) {
        return loader.getClass().getName().startsWith(BOOT);
    }

    /// A class of the user's own system loader may only be found by that loader.
    private static Stream<String> loaderOption(@Nullable ClassLoader loader) {
        String system = System.getProperty("java.system.class.loader");
        return system != null && ClassLoader.getSystemClassLoader().equals(loader)
                ? Stream.of("-Djava.system.class.loader=" + system) : Stream.of();
    }

    private static String classPath(String name, @Nullable ClassLoader loader, Path root) {
        if (loader == null) {
            return fallback(name, null, root);
        }
        Set<String> entries = new LinkedHashSet<>();
        for (ClassLoader at = loader; at != null && !isPlatform(at); at = at.getParent()) {
            if (isSystem(at)) {
                entries.addAll(split(own()));
                break;
            }
            if (!addAll(entries, at)) {
                return fallback(name, loader, root);
            }
        }
        if (!isAmong(entries, root)) { // added to the JDK's loader later, by an agent for instance
            entries.add(root.toString());
        }
        entries.forEach(entry -> checkEntry(name, entry));
        return String.join(File.pathSeparator, entries);
    }

    /// @return false if it cannot be listed
    private static boolean addAll(Set<String> entries, ClassLoader loader) {
        if (!(loader instanceof URLClassLoader urls)) {
            return false;
        }
        for (URL url : urls.getURLs()) {
            Path entry = ClassPlace.of(url);
            if (entry == null) {
                return false;
            }
            entries.add(entry.toAbsolutePath().toString());
        }
        return true;
    }

    /// The path for a loader that cannot be listed: it may read from this JVM's own class path.
    private static String fallback(String name, @Nullable ClassLoader loader, Path root) {
        String own = own();
        if (!isAmong(split(own), root)) {
            throw refused("whose class loader does not say where it reads", name, loader);
        }
        return own;
    }

    /// Whether a folder or jar is among the entries, by this name or by another.
    private static boolean isAmong(Collection<String> entries, Path root) {
        return entries.contains(root.toString())
                || entries.stream().anyMatch(entry -> isSame(root, entry));
    }

    static boolean isSame(Path file, @Nullable String name) {
        try {
            return name != null && Files.isSameFile(file, Path.of(name));
        } catch (IOException | InvalidPathException _) { // a class path, for instance
            return false;
        }
    }

    private static boolean isPlatform(ClassLoader loader) {
        return loader.equals(ClassLoader.getPlatformClassLoader());
    }

    /// Whether it is the JDK's loader of the class path, or a system loader that a user has set.
    private static boolean isSystem(ClassLoader loader) {
        return loader.equals(ClassLoader.getSystemClassLoader())
                || (ClassLoader.getPlatformClassLoader().equals(loader.getParent())
                        && loader.getClass().getModule() == Object.class.getModule()
                        && !(loader instanceof URLClassLoader));
    }

    private static void checkEntry(String name, String entry) {
        if (entry.contains(File.pathSeparator)) {
            throw new IllegalArgumentException(
                    ("a child cannot find a class in a folder or jar with"
                            + " a '%s' in its name, which separates the entries of a class path:"
                            + " class=%s, entry=%s: give it another name")
                            .formatted(File.pathSeparator, name, entry));
        }
    }

    static IllegalArgumentException refused(String why, String name,
            @Nullable ClassLoader loader) {
        return new IllegalArgumentException(("a child cannot find a class %s: class=%s, loader=%s:"
                + " build it into a jar and name that by ChildJvm.ofJar, or start this JVM with it"
                + " on the class path").formatted(why, name,
                        loader == null ? "that of the boot class path"
                                : loader.getClass().getName()));
    }

    /// This JVM's own class path, with absolute entries.
    static String own() {
        String path = System.getProperty("java.class.path", "");
        // Without a class path the JDK takes the working directory, unless a module was started.
        return path.isEmpty() && System.getProperty("jdk.module.main") == null
                ? Path.of("").toAbsolutePath().toString() : absolute(path);
    }

    /// The same path with absolute entries: the child may have another working directory.
    static String absolute(String path) {
        return path.isEmpty() ? path : split(path).stream().map(LoaderPath::absoluteEntry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    static List<String> split(String path) {
        return List.of(path.split(File.pathSeparator, -1));
    }

    /// An entry in letters that this locale does not have is kept, and is refused by its name
    /// later.
    private static String absoluteEntry(String entry) {
        try {
            return Path.of(entry).toAbsolutePath().toString();
        } catch (InvalidPathException _) {
            return entry;
        }
    }
}
