package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.internal.base.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// A script for `sh` that says what this JVM cannot say, since its own locale has no letters for
/// it, and then becomes the child: the same process goes on. Bytes between single quotes are taken
/// as they are, in every locale.
///
/// It lies in a file and not on a command line: values of variables are nobody else's.
final class StartScript {

    private static final Pattern SETTABLE = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final ByteArrayOutputStream streams = new ByteArrayOutputStream();

    /// Sets a variable.
    void export(String name, byte[] value) {
        if (!SETTABLE.matcher(name).matches()) {
            throw new ChildFailed(
                    ("the child cannot be started: this JVM's locale does not have the"
                            + " letters of a variable, whose name no shell can set either: variable=%s:"
                            + " start this JVM with LC_ALL=C.UTF-8")
                            .formatted(Printable.path(name)));
        }
        say(lines, "export " + name + "=", value);
        say(lines, "\n");
    }

    /// Goes to a folder.
    void goTo(byte[] folder) {
        say(lines, "cd -- ", folder);
        say(lines, " || exit\n"); // or the program would run elsewhere
    }

    /// Appends what the child writes to a file.
    ///
    /// @param stream 1 for its output, 2 for its error output
    void append(int stream, byte[] file) {
        say(streams, " " + stream + ">>", file);
    }

    boolean isEmpty() {
        return lines.size() == 0 && streams.size() == 0;
    }

    /// The words that start a child in this way.
    ArgumentFile write(List<byte[]> command) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes(lines.toByteArray());
        say(script, "exec");
        for (byte[] word : command) {
            say(script, " ", word);
        }
        script.writeBytes(streams.toByteArray());
        say(script, "\n");
        return ArgumentFile.write(script.toByteArray());
    }

    private static void say(ByteArrayOutputStream script, String words) {
        script.writeBytes(words.getBytes(StandardCharsets.US_ASCII));
    }

    private static void say(ByteArrayOutputStream script, String words, byte[] value) {
        say(script, words + "'");
        for (byte one : value) {
            if (one == '\'') {
                say(script, "'\\''");
            } else {
                script.write(one);
            }
        }
        say(script, "'");
    }
}
