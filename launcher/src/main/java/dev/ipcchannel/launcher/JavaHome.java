package dev.ipcchannel.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An installed Java: its folder, and the version that its release file states. */
final class JavaHome {
    private static final String VERSION = "JAVA_VERSION=";

    private final Path folder;
    private final String version;

    private JavaHome(Path folder, String version) {
        this.folder = folder;
        this.version = version;
    }

    /** Looks at a folder without starting anything; empty if no usable Java is in it. */
    static Optional<JavaHome> at(Path folder) {
        if (!Files.isExecutable(folder.resolve("bin").resolve("java"))) {
            return Optional.empty();
        }
        try {
            for (String line : Files.readAllLines(folder.resolve("release"), ISO_8859_1)) {
                if (line.startsWith(VERSION)) {
                    String version = line.substring(VERSION.length()).replace("\"", "").trim();
                    return Optional.of(new JavaHome(folder, version));
                }
            }
            return Optional.empty();
        } catch (IOException noReleaseFile) {
            return Optional.empty();
        }
    }

    /** What counts in a version: 25 of 25.0.3, 8 of 1.8.0_402, 0 if there is no number. */
    static int feature(String version) {
        String modern = version.startsWith("1.") ? version.substring(2) : version;
        int end = 0;
        while (end < modern.length() && Character.isDigit(modern.charAt(end))) {
            end++;
        }
        return end == 0 || end > 4 ? 0 : Integer.parseInt(modern.substring(0, end));
    }

    int feature() {
        return feature(version);
    }

    String version() {
        return version;
    }

    Path folder() {
        return folder;
    }

    Path java() {
        return folder.resolve("bin").resolve("java");
    }

    @Override
    public String toString() {
        return "Java " + version + " in " + folder;
    }
}
