package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.Argument;
import java.nio.file.Path;

/// The destination of a child's standard output or error output. The child never waits for a
/// reader, except for the reader of the parent's own stream if the output goes there.
///
/// The protocol between parent and child uses neither of these streams.
public sealed interface Output {

    /// The parent's own stream, inherited as a descriptor. The library does not see the lines, so
    /// exceptions have none of them.
    static Output inherit() {
        return new Inherited();
    }

    /// A record of the last lines, up to a limit: see [ChildOutput].
    static Output capture() {
        return new Captured();
    }

    /// A record as with [#capture]; in addition each line is printed, after `prefix`, on the
    /// parent's `System.out` or `System.err`.
    static Output tee(String prefix) {
        return new Teed(Argument.given(prefix, "prefix"));
    }

    /// A file, to which the output is appended; it is made if it is missing. Exceptions have no
    /// lines of it.
    static Output toFile(Path file) {
        return new InFile(Argument.given(file, "file"));
    }

    /// The output of [#inherit].
    record Inherited() implements Output {}

    /// The output of [#capture].
    record Captured() implements Output {}

    /// The output of [#tee].
    ///
    /// @param prefix printed before each line
    record Teed(String prefix) implements Output {

        /// @throws NullPointerException if there is no prefix
        public Teed {
            Argument.given(prefix, "prefix");
        }
    }

    /// The output of [#toFile].
    ///
    /// @param file to which the child appends
    record InFile(Path file) implements Output {

        /// @throws NullPointerException if there is no file
        public InFile {
            Argument.given(file, "file");
        }
    }
}
