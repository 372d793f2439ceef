package dev.ipcchannel.internal.posix;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The names of files, and the words of command lines, as the kernel's bytes: in the charset of
/// this JVM's locale, which the JDK uses for them.
public final class FileNames {

    /// The JDK's own choice, made when this JVM started.
    public static final Charset CHARSET =
            Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"),
                    StandardCharsets.UTF_8);

    private static final int HEXADECIMAL = 16;
    private static final char UNKNOWN = '\ufffd'; // for bytes that are no letters in this locale

    private FileNames() {}

    /// The bytes of a name whose letters this locale has.
    public static byte[] bytes(String name) {
        return name.getBytes(CHARSET);
    }

    /// Whether this locale has its letters; other letters would become question marks.
    public static boolean canHold(String name) {
        return CHARSET.newEncoder().canEncode(name);
    }

    /// The bytes of a file's name, even if they are no letters in this locale: the JDK keeps the
    /// bytes of files that it has found.
    public static byte[] bytes(Path file) {
        String name = file.toString();
        if (name.indexOf(UNKNOWN) < 0) {
            return bytes(name);
        }
        String uri = file.toAbsolutePath().toUri().getRawPath();
        String path = uri.endsWith("/") && uri.length() > 1
                ? uri.substring(0, uri.length() - 1) : uri; // a folder has one more
        byte[] bytes = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++, length++) {
            if (path.charAt(i) == '%') {
                bytes[length] = (byte) Integer.parseInt(path, i + 1, i + 3, HEXADECIMAL);
                i += 2;
            } else {
                bytes[length] = (byte) path.charAt(i); // ASCII
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /// The text that the JDK turns into these bytes.
    ///
    /// @return null if there is none in this locale
    public static @Nullable String text(byte[] bytes) {
        String text = new String(bytes, CHARSET);
        return Arrays.equals(bytes(text), bytes) ? text : null;
    }
}
