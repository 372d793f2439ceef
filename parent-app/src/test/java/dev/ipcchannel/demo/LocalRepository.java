package dev.ipcchannel.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A local Maven repository with all that this machine's repository has, and the library of this
/// build, as if `scripts/install` had been run.
///
/// @param folder where it is
record LocalRepository(Path folder) {

    private static final Path INSTALLED = Path.of(System.getProperty("localRepository",
            System.getProperty("user.home") + "/.m2/repository"));
    static final String ARCHETYPE = "ipc-channel-archetype";
    static final String VERSION = "0.1.0-SNAPSHOT"; // ReadmeIT compares it with the build's

    /// Makes such a repository.
    static LocalRepository withLibrary(Path folder) throws IOException {
        link(INSTALLED, folder, "dev");
        link(INSTALLED.resolve("dev"), folder.resolve("dev"), "ipcchannel");
        LocalRepository repository = new LocalRepository(folder);
        repository.add("ipc-channel-parent", "pom", Page.ROOT.resolve("pom.xml"));
        repository.add("ipc-channel", "pom", Page.ROOT.resolve("ipc-channel/pom.xml"));
        repository.add("ipc-channel", "jar",
                Page.ROOT.resolve("ipc-channel/target/ipc-channel.jar"));
        return repository;
    }

    /// Adds the archetype of this build.
    LocalRepository withArchetype() throws IOException {
        Path module = Page.ROOT.resolve(ARCHETYPE);
        add(ARCHETYPE, "pom", module.resolve("pom.xml"));
        add(ARCHETYPE, "jar", module.resolve("target").resolve(ARCHETYPE + ".jar"));
        return this;
    }

    /// Links all entries except `except`.
    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.exists(from) ? Files.list(from) : Stream.empty()) {
            List<Path> linked =
                    entries.filter(entry -> !entry.getFileName().toString().equals(except))
                            .toList();
            for (Path entry : linked) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }

    /// The library's jar.
    Path library() {
        return versions("ipc-channel").resolve("ipc-channel-" + VERSION + ".jar");
    }

    private Path versions(String artifact) {
        return folder.resolve("dev/ipcchannel").resolve(artifact).resolve(VERSION);
    }

    private void add(String artifact, String ending, Path file) throws IOException {
        Path versions = Files.createDirectories(versions(artifact));
        Files.copy(file, versions.resolve(artifact + "-" + VERSION + "." + ending));
    }
}
