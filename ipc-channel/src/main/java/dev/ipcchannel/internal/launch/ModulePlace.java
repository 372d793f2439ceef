package dev.ipcchannel.internal.launch;

import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The place of a named module, as options by which another JVM finds it: in the JVM's own layer,
/// or in one that the program has made.
///
/// A module may differ from its descriptor: it may have classes that `--patch-module` has added, as
/// tests do, read the class path, or be open to the library. The JDK does not keep the options for
/// that; but their effect on the module of the class can be seen, and a child gets the same.
final class ModulePlace {

    private static final String GSON = "com.google.gson";

    private ModulePlace() {}

    /// The program whose `main` is in a class of a named module.
    ///
    /// @throws IllegalArgumentException if a child cannot find a module of its layer
    static Program program(Class<?> main) {
        return program(main.getName(), main.getModule(), ClassPlace.of(main));
    }

    /// The module with the package of a class, in the JVM's own layer or in this library's, if
    /// `loader` sees that module.
    ///
    /// @return null if there is none
    static @Nullable Module of(String name, @Nullable ClassLoader loader) {
        String pack = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        ModuleLayer own = ModulePlace.class.getModule().getLayer();
        return Stream.of(ModuleLayer.boot(), own == null ? ModuleLayer.empty() : own)
                .flatMap(layer -> layer.modules().stream())
                .filter(module -> module.getPackages().contains(pack)
                        && isSeen(module.getClassLoader(), loader))
                .findFirst().orElse(null);
    }

    private static boolean isSeen(@Nullable ClassLoader wanted, @Nullable ClassLoader loader) {
        for (ClassLoader at = loader; at != null; at = at.getParent()) {
            if (at.equals(wanted)) {
                return true;
            }
        }
        return wanted == null;
    }

    static Program program(String name, Module module, @Nullable ClassPlace place) {
        ModuleLayer layer = module.getLayer();
        if (layer == null) {
            throw LoaderPath.refused("in a module of no layer", name, module.getClassLoader());
        }
        List<String> options = new ArrayList<>();
        if (layer != ModuleLayer.boot()) {
            options.addAll(List.of("--add-modules", names(layer)));
        }
        options.addAll(patch(module, place));
        options.addAll(access(module));
        if (place != null && place.isPreview()) {
            options.add("--enable-preview");
        }
        return new Program.InModule(module.getName(), name, path(layer),
                LoaderPath.own(), options);
    }

    /// The module of Gson, if this library reads it here. The library does without it, so perhaps
    /// no module of the program requires it, and then a child would not have it.
    ///
    /// @return its name; empty if the library does not read it, or is not a module
    static String gson() {
        Module library = ModulePlace.class.getModule();
        ModuleLayer layer = library.getLayer();
        return layer == null ? "" : layer.findModule(GSON).filter(library::canRead)
                .map(Module::getName).orElse("");
    }

    /// The names of all modules, including those that only a service needs.
    private static String names(ModuleLayer layer) {
        return layer.modules().stream().map(Module::getName).sorted()
                .collect(Collectors.joining(","));
    }

    /// The module path with the modules of a layer, and of the layers below it.
    static String path(ModuleLayer layer) {
        Set<String> entries = new LinkedHashSet<>();
        addMade(entries, layer);
        String own = LoaderPath.absolute(System.getProperty("jdk.module.path", ""));
        if (!own.isEmpty()) {
            entries.addAll(LoaderPath.split(own));
        }
        for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
            Path file = file(module.reference()); // upgraded, for instance
            if (file != null && !isIn(entries, file)) {
                entries.add(file.toString());
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /// Adds the modules of the layers above the JVM's own.
    private static void addMade(Set<String> entries, ModuleLayer layer) {
        if (layer == ModuleLayer.boot() || layer == ModuleLayer.empty()) {
            return;
        }
        for (ResolvedModule module : layer.configuration().modules()) {
            Path file = file(module.reference());
            if (file == null) {
                throw new IllegalArgumentException(("a child cannot find a module that is in no"
                        + " folder and no jar: module=%s: build its program into a jar and name"
                        + " that by ChildJvm.ofJar").formatted(module.name()));
            }
            entries.add(file.toString());
        }
        layer.parents().forEach(parent -> addMade(entries, parent));
    }

    /// Its file; null in a run-time image.
    private static @Nullable Path file(ModuleReference reference) {
        URI location = reference.location().orElse(null);
        return location != null && "file".equals(location.getScheme()) ? Path.of(location) : null;
    }

    /// A path has files, and folders of files.
    private static boolean isIn(Set<String> entries, Path file) {
        Path folder = file.getParent();
        return entries.contains(file.toString())
                || (folder != null && entries.contains(folder.toString()));
    }

    /// The option for the folder that has the class, if that is not its module's.
    private static List<String> patch(Module module, @Nullable ClassPlace place) {
        Path root = place == null ? null : place.root();
        Path file = module.getLayer().configuration().findModule(module.getName())
                .map(found -> file(found.reference())).orElse(null);
        return root == null || root.equals(file) ? List.of()
                : List.of("--patch-module", module.getName() + "=" + root);
    }

    /// The options for what it may read, and for its openness to others, beyond its descriptor.
    private static List<String> access(Module module) {
        ModuleDescriptor descriptor = module.getDescriptor();
        if (descriptor.isAutomatic()) {
            return List.of();
        }
        List<String> options = new ArrayList<>();
        if (module.canRead(ClassLoader.getSystemClassLoader().getUnnamedModule())) {
            options.addAll(List.of("--add-reads", module.getName() + "=ALL-UNNAMED"));
        }
        Module library = ModulePlace.class.getModule();
        Set<String> opened = descriptor.isOpen() ? module.getPackages()
                : descriptor.opens().stream().map(ModuleDescriptor.Opens::source)
                        .collect(Collectors.toSet());
        for (String name : module.getPackages()) {
            if (!opened.contains(name) && module != library && module.isOpen(name, library)) {
                options.addAll(List.of("--add-opens", module.getName() + "/" + name + "="
                        + (library.isNamed() ? library.getName() : "ALL-UNNAMED")));
            }
        }
        return options;
    }
}
