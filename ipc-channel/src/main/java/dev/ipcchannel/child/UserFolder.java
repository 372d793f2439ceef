package dev.ipcchannel.child;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The place of what the library keeps for a user from one process to the next.
final class UserFolder {

    private UserFolder() {}

    /// The library's folder in one of the base directories that XDG knows.
    ///
    /// @param variable says which directory that is, if it has a whole path
    /// @param otherwise where it is if not, in the user's home
    /// @return null if there is no home: nothing is made in the place of one; or if this locale has
    /// no letters for it
    static @Nullable Path of(String variable, String otherwise) {
        return of(System.getenv(variable), System.getProperty("user.home", ""), otherwise);
    }

    static @Nullable Path of(@Nullable String base, String home, String otherwise) {
        try {
            if (base != null && base.startsWith("/")) {
                return Path.of(base, "ipc-channel");
            }
            // The JDK's home of a user that the system does not know is a question mark, and that
            // of a user without one may be a path where nothing is, such as /nonexistent.
            return home.startsWith("/") && Files.isDirectory(Path.of(home))
                    ? Path.of(home, otherwise, "ipc-channel") : null;
        } catch (InvalidPathException _) {
            return null;
        }
    }
}
