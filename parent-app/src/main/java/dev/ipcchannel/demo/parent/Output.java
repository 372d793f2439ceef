package dev.ipcchannel.demo.parent;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Standard output, in UTF-8 whatever the locale. What cannot be written is an error.
final class Output {

    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final int KIND = 0170000; // the bits of st_mode, see inode(7)
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    /// Text could not be written: the device is full, the reader gone, the descriptor closed.
    static final class Lost extends RuntimeException {

        private final boolean isReaderGone;

        private Lost(boolean isReaderGone) {
            super("standard output cannot be written: see that its device has room");
            this.isReaderGone = isReaderGone;
        }

        /// Whether a reader has had enough, as `head` has: nothing to complain of.
        boolean isReaderGone() {
            return isReaderGone;
        }
    }

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /// Writes a line, or a few.
    ///
    /// @throws Lost if that is not possible
    void println(String text) {
        out.println(text);
        check();
    }

    /// Writes text that the next one follows on the same line.
    ///
    /// @throws Lost if that is not possible
    void print(String text) {
        out.print(text);
        out.flush();
        check();
    }

    private void check() {
        if (out.checkError()) {
            throw new Lost(isReadByAnother());
        }
    }

    /// A pipe or a socket, whose writes fail when the reader is gone and for no other reason.
    private static boolean isReadByAnother() {
        try {
            int kind = (Integer) Files.getAttribute(STANDARD_OUTPUT, "unix:mode") & KIND;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException _) { // it is closed, or there is no /proc
            return false;
        }
    }
}
