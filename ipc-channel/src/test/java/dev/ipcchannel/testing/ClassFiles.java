package dev.ipcchannel.testing;

import java.net.URISyntaxException;
import java.nio.file.Path;

/// The places of compiled classes.
public final class ClassFiles {

    private ClassFiles() {}

    /// The root of the directory, or the jar, that `type` was loaded from.
    public static Path rootOf(Class<?> type) {
        try {
            // As a URI: in a URL's path a space is %20.
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
