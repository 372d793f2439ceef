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

/// The class path of a class loader: on which another JVM finds what this loader finds.
///
/// A `URLClassLoader` can be listed, as those of the exec plugin, of Surefire in Maven's own JVM
/// and of servers are, and so can the JDK's own. The loader's entries come first, then those of the
/// loaders above it: most loaders that are not the JDK's look in themselves first, and the class
/// that a child is to run is in this one. Spring Boot's loader reads jars within a jar, which no
/// class path can name: there a child is started by Boot's own launcher. What no list has, since
/// the loader makes it, or keeps to itself where it reads, is refused.
final class LoaderPath {

    private static final String BOOT = "org.springframework.boot.loader.";
    private static final String BOOT_LAUNCHER = ".PropertiesLauncher"; // in each version's package
    private static final String WAR = "WEB-INF/";

    private LoaderPath() {}

    /// The program whose `main` is in a class that is in no named module.
    ///
    /// @param place where the class's file is; null if that is not known
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
                "-Dloader.home=" + Path.of("").toAbsolutePath())); // for what a user has set there
        String path = System.getProperty("loader.path");
        if (path != null) {
            all.add("-Dloader.path=" + path);
        } else if (place.url().getPath().contains(WAR)) { // it looks in the folders of jars alone
            all.add("-Dloader.path=WEB-INF/classes,WEB-INF/lib,WEB-INF/lib-provided");
        }
        all.addAll(options);
        return new Program.BootClass(name, loader.getClass().getPackageName() + BOOT_LAUNCHER,
                own(), all);
    }

    /// Whether it is that of an archive: of one that lies unpacked, it is a `URLClassLoader` like
    /// others.
    private static boolean isBoot(ClassLoader loader) {
        return loader.getClass().getName().startsWith(BOOT);
    }

    /// A class that the user's own system loader has made may be found by that alone.
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
        if (!isAmong(entries, root)) { // added to the JDK's loader later on, by an agent say
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

    /// Such a loader may read from this JVM's own class path.
    private static String fallback(String name, @Nullable ClassLoader loader, Path root) {
        String own = own();
        if (!isAmong(split(own), root)) {
            throw refused("whose class loader does not say where it reads", name, loader);
        }
        return own;
    }

    /// Whether it is there by this name or by another.
    private static boolean isAmong(Collection<String> entries, Path root) {
        return entries.contains(root.toString())
                || entries.stream().anyMatch(entry -> isSame(root, entry));
    }

    static boolean isSame(Path file, @Nullable String name) {
        try {
            return name != null && Files.isSameFile(file, Path.of(name));
        } catch (IOException | InvalidPathException _) { // a class path, say
            return false;
        }
    }

    private static boolean isPlatform(ClassLoader loader) {
        return loader.equals(ClassLoader.getPlatformClassLoader());
    }

    /// The JDK's loader of the class path, and the one that a user has put in front of it.
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

    /// This JVM's own class path, as seen from every folder.
    static String own() {
        String path = System.getProperty("java.class.path", "");
        // Without a word the JDK takes the working directory, unless a module was started.
        return path.isEmpty() && System.getProperty("jdk.module.main") == null
                ? Path.of("").toAbsolutePath().toString() : absolute(path);
    }

    /// The child may have another working directory than this process.
    static String absolute(String path) {
        return path.isEmpty() ? path : split(path).stream().map(LoaderPath::absoluteEntry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    static List<String> split(String path) {
        return List.of(path.split(File.pathSeparator, -1));
    }

    /// One in letters that this locale does not have stays as it is, to be refused by its name.
    private static String absoluteEntry(String entry) {
        try {
            return Path.of(entry).toAbsolutePath().toString();
        } catch (InvalidPathException _) {
            return entry;
        }
    }
}
