package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A file of arguments for `java @file`, for command lines that are too long for the system: Linux
/// takes words of at most 128 KiB. It is this user's alone, and gone when the child has connected
/// or ended; that of a parent which was killed, when the next one is written.
///
/// The format is that of the JDK's "java Command-Line Argument Files": words between quotes, with a
/// backslash before a quote or a backslash.
record ArgumentFile(Path path) {

    private static final String PREFIX = "ipc-channel-"; // then the parent's pid
    private static final int PID_PART = 2;
    private static final String SUFFIX = ".args";

    /// From how many letters on a command line is long; well below what any system takes.
    static final int LONG = 32 * 1024;

    static boolean isNeeded(List<String> words) {
        return words.stream().mapToInt(String::length).sum() > LONG;
    }

    static ArgumentFile write(List<String> words) throws IOException {
        sweep();
        String owner = PREFIX + ProcessHandle.current().pid() + "-";
        Path path = Files.createTempFile(owner, SUFFIX); // mode 0600
        path.toFile().deleteOnExit(); // at the latest
        try {
            Files.writeString(path, words.stream().map(ArgumentFile::quoted)
                    .collect(Collectors.joining("\n", "", "\n")), StandardCharsets.UTF_8);
            return new ArgumentFile(path);
        } catch (IOException failure) {
            Files.deleteIfExists(path);
            throw failure;
        }
    }

    /// Deletes what parents have left that were killed.
    private static void sweep() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, PREFIX + "*-*" + SUFFIX)) {
            for (Path file : files) {
                String owner = file.getFileName().toString().split("-", -1)[PID_PART];
                if (ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException failure) {
            Log.debug("old argument files could not be looked for", failure);
        }
    }

    private static String quoted(String word) {
        String escaped = word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                .replace("\r", "\\r"); // a line's end, or what looks like one, would end the word
        return '"' + escaped + '"';
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // It is in the temporary directory, where others clean as well.
        }
    }
}
