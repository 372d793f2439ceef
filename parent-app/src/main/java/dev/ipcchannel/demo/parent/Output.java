package dev.ipcchannel.demo.parent;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Standard output, in UTF-8 in every locale. Text that cannot be written is an error.
final class Output {

    /// Failure to write text: the device is full, the reader gone, or the descriptor closed.
    static final class Lost extends RuntimeException {}

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /// Writes a line, or a few.
    ///
    /// @throws Lost if that is not possible
    void println(String text) {
        out.println(text);
        check();
    }

    /// Writes text without ending the line.
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
