package dev.ipcchannel.child;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The folder for files that the library keeps for a user from one process to the next.
final class UserFolder {

    private UserFolder() {}

    /// The library's folder in one of the XDG base directories.
    ///
    /// @param variable names the base directory, if its value is an absolute path
    /// @param otherwise the base directory otherwise, relative to the user's home
    /// @return null if there is no home directory, for none is made, or if this locale has no
    /// letters for it
    static @Nullable Path of(String variable, String otherwise) {
        return of(System.getenv(variable), System.getProperty("user.home", ""), otherwise);
    }

    static @Nullable Path of(@Nullable String base, String home, String otherwise) {
        try {
            if (base != null && base.startsWith("/")) {
                return Path.of(base, "ipc-channel");
            }
            // For a user that the system does not know, the JDK's home is a question mark. For a
            // user without a home it may be a path that does not exist, such as /nonexistent.
            return home.startsWith("/") && Files.isDirectory(Path.of(home))
                    ? Path.of(home, otherwise, "ipc-channel") : null;
        } catch (InvalidPathException _) {
            return null;
        }
    }
}
