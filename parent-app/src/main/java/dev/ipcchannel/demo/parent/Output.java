package dev.ipcchannel.demo.parent;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Standard output, in UTF-8 whatever the locale. What cannot be written is an error.
final class Output {

    /// Text could not be written: the device is full, the reader gone, the descriptor closed.
    static final class Lost extends RuntimeException {}

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
            throw new Lost();
        }
    }
}
