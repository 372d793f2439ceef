package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.FileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A script for `sh` with words that this JVM cannot pass, since its own locale lacks letters for
/// them, and with the child's limit of memory. The script then becomes the child by `exec`, in the
/// same process. The shell takes bytes between single quotes as they are, in every locale.
///
/// The script is in a file and not on a command line, since other users must not see the values of
/// variables.
final class StartScript {

    private static final long KIBIBYTE = 1024;
    private static final Pattern SETTABLE = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final ByteArrayOutputStream before = new ByteArrayOutputStream();
    private final ByteArrayOutputStream streams = new ByteArrayOutputStream();

    /// Sets a variable.
    void export(String name, byte[] value) {
        if (!SETTABLE.matcher(name).matches()) {
            throw new ChildFailed(
                    ("the child cannot be started: this JVM's locale does not have the"
                            + " letters of a variable, whose name no shell can set either:"
                            + " variable=%s: start this JVM with LC_ALL=C.UTF-8")
                            .formatted(Printable.path(name)));
        }
        append(lines, "export " + name + "=", value);
        append(lines, "\n");
    }

    /// Changes the working directory.
    void goTo(byte[] folder) {
        append(lines, "cd -- ", folder);
        append(lines, " || exit\n"); // or the program would run elsewhere
    }

    /// Has one of the child's outputs appended to a file.
    ///
    /// @param stream 1 for standard output, 2 for error output
    void append(int stream, byte[] file) {
        append(streams, " " + stream + ">>", file);
    }

    /// Has the child started by another program, which then becomes it.
    void under(List<String> program) {
        program.forEach(word -> append(before, " ", FileNames.bytes(word)));
    }

    boolean isEmpty() {
        return lines.size() + before.size() + streams.size() == 0;
    }

    /// Has the child enter a cgroup.
    ///
    /// @param entry the file to which it writes its number
    void enter(Path entry) {
        append(lines, "echo $$ >", FileNames.bytes(entry));
        append(lines, " || exit\n"); // or the program would run without a limit
    }

    /// Limits the child's private memory (RLIMIT_DATA).
    void limitData(long bytes) {
        append(lines, "ulimit -d " + bytes / KIBIBYTE + " || exit\n");
    }

    /// The file of a script that runs all this and then becomes `command`.
    ArgumentFile write(List<byte[]> command) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes(lines.toByteArray());
        append(script, "exec");
        script.writeBytes(before.toByteArray());
        for (byte[] word : command) {
            append(script, " ", word);
        }
        script.writeBytes(streams.toByteArray());
        append(script, "\n");
        return ArgumentFile.write(script.toByteArray());
    }

    private static void append(ByteArrayOutputStream script, String words) {
        script.writeBytes(words.getBytes(StandardCharsets.US_ASCII));
    }

    private static void append(ByteArrayOutputStream script, String words, byte[] value) {
        append(script, words + "'");
        for (byte one : value) {
            if (one == '\'') {
                append(script, "'\\''");
            } else {
                script.write(one);
            }
        }
        append(script, "'");
    }
}
