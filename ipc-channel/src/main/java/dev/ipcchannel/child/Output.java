package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.Argument;
import java.nio.file.Path;

/// The destination of a child's standard output, or of its error output. The child never waits for
/// a reader, but for that of the parent's own stream where it goes there.
///
/// The protocol between parent and child never touches either.
public sealed interface Output {

    /// The parent's own stream, as a descriptor: what comes is not seen here, so no lines of it are
    /// in exceptions.
    static Output inherit() {
        return new Inherited();
    }

    /// Kept, up to a bound: see [ChildOutput].
    static Output capture() {
        return new Captured();
    }

    /// Kept, up to a bound, and printed line by line on the parent's `System.out` or `System.err`,
    /// each line behind `prefix`.
    static Output tee(String prefix) {
        return new Teed(Argument.given(prefix, "prefix"));
    }

    /// Appended to a file, which is made if it is missing. No lines of it are in exceptions.
    static Output toFile(Path file) {
        return new InFile(Argument.given(file, "file"));
    }

    /// The output of [#inherit].
    record Inherited() implements Output {}

    /// The output of [#capture].
    record Captured() implements Output {}

    /// The output of [#tee].
    ///
    /// @param prefix what stands before each line
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
