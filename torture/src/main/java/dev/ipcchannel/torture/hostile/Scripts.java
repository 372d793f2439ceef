package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.ChildRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The programs in Python, written to a folder of their own, which [#close] deletes.
final class Scripts implements AutoCloseable {

    private static final String MAIN = "peer.py";
    private static final String PREFIX = "h-"; // the path of a socket has 107 bytes
    private static final List<String> NAMES =
            List.of(MAIN, "wire.py", "loads.py", "places.py", "files.py", "fuse.py", "names.py");
    // Without the environment, without compiled files, and with a fast start.
    private static final List<String> FLAGS = List.of("-B", "-E", "-S");
    // A python3 on the PATH may be a script that searches for the real one.
    private static final String WHICH = """
            import sys
            print(sys.executable if sys.version_info >= (3, 10) else '')
            """;

    private final String python;
    private final Path folder;

    private Scripts(String python, Path folder) {
        this.python = python;
        this.folder = folder;
    }

    /// The installed Python.
    ///
    /// @return its path; empty if there is none, or only one older than 3.10
    static String python() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", WHICH)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String path = new String(process.getInputStream().readAllBytes(),
                    StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? path : "";
        } catch (IOException _) {
            return "";
        }
    }

    /// Writes the programs.
    static Scripts write(String python) throws IOException {
        Scripts scripts = new Scripts(python, Files.createTempDirectory(PREFIX));
        for (String name : NAMES) {
            try (InputStream program = Scripts.class.getResourceAsStream(name)) {
                if (program == null) {
                    throw new IllegalStateException("the program is not there: " + name);
                }
                Files.copy(program, scripts.folder.resolve(name));
            }
        }
        return scripts;
    }

    /// The folder of the programs, and of the files of the peers.
    Path folder() {
        return folder;
    }

    /// The directory of names, which the first open of a name makes.
    Path names() {
        return folder.resolve("names");
    }

    /// Starts a peer.
    ///
    /// @param address of the victim
    /// @param found the file for the counts of the peer
    ChildRole start(long seed, Mode mode, String address, Path found) throws IOException {
        List<String> words = new ArrayList<>(List.of(python));
        words.addAll(FLAGS);
        words.addAll(List.of(folder.resolve(MAIN).toString(), Long.toString(seed), mode.word(),
                address, found.toString()));
        return ChildRole.start("hostile-" + mode.word(), words,
                Map.of("TMPDIR", folder.toString()));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
