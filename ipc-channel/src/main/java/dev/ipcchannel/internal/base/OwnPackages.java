package dev.ipcchannel.internal.base;

import java.util.Set;

/// The packages of the library. Other packages may have the same root, for instance those of a test
/// or of another artifact.
public final class OwnPackages {

    private static final String ROOT = "dev.ipcchannel";
    private static final String INTERNAL = ROOT + ".internal.";
    private static final Set<String> EXPORTED = Set.of(ROOT, ROOT + ".call", ROOT + ".child",
            ROOT + ".named", ROOT + ".select", ROOT + ".testing", ROOT + ".transport",
            ROOT + ".worker", ROOT + ".zipc");

    private OwnPackages() {}

    /// Whether a package belongs to the library.
    public static boolean have(String name) {
        return EXPORTED.contains(name) || areHidden(name);
    }

    /// Whether a package is hidden from users.
    public static boolean areHidden(String name) {
        return name.startsWith(INTERNAL);
    }
}
