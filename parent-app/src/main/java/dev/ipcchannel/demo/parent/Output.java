package dev.ipcchannel.demo.parent;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Standard output, in UTF-8 whatever the locale. What cannot be written is an error.
final class Output {

    /// A line could not be written: the device is full, the reader gone, the descriptor closed.
    static final class Lost extends RuntimeException {

        private Lost() {
            super("standard output cannot be written: see that its reader lives"
                    + " and that its device has room");
        }
    }

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /// Writes a line, or a few.
    ///
    /// @throws Lost if that is not possible
    void println(String text) {
        out.println(text);
        if (out.checkError()) {
            throw new Lost();
        }
    }
}
