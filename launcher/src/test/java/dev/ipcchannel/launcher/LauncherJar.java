package dev.ipcchannel.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A jar like those of the demo programs: the launcher's classes and [Program].
final class LauncherJar {

    private LauncherJar() {}

    static Path write(Path jar) throws Exception {
        Manifest manifest = manifest();
        manifest.getMainAttributes().putValue("Launched-Class", Program.class.getName());
        return write(jar, manifest);
    }

    static Path writeWithoutProgram(Path jar) throws Exception {
        return write(jar, manifest());
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Launcher.class.getName());
        return manifest;
    }

    private static Path write(Path jar, Manifest manifest) throws Exception {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Path file : launcherClasses()) {
                add(out, file.getFileName().toString());
            }
            add(out, "Program.class");
        }
        return jar;
    }

    static List<Path> launcherClasses() throws IOException, URISyntaxException {
        Path launcher = Path.of(Launcher.class.getResource("Launcher.class").toURI());
        try (Stream<Path> files = Files.list(launcher.getParent())) {
            return files.sorted().toList();
        }
    }

    private static void add(JarOutputStream out, String name) throws IOException {
        out.putNextEntry(new JarEntry("dev/ipcchannel/launcher/" + name));
        try (InputStream bytes = LauncherJar.class.getResourceAsStream(name)) {
            bytes.transferTo(out);
        }
        out.closeEntry();
    }
}
