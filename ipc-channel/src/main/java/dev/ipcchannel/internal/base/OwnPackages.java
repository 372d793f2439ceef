package dev.ipcchannel.internal.base;

import java.util.Set;

/// The packages of the library: others may stand beside them, a test's or those of another artifact
/// for instance.
public final class OwnPackages {

    private static final String ROOT = "dev.ipcchannel";
    private static final String INTERNAL = ROOT + ".internal.";
    private static final Set<String> EXPORTED = Set.of(ROOT, ROOT + ".call", ROOT + ".child",
            ROOT + ".named", ROOT + ".select", ROOT + ".testing", ROOT + ".transport",
            ROOT + ".worker", ROOT + ".zipc");

    private OwnPackages() {}

    /// Whether a package is one of them.
    public static boolean have(String name) {
        return EXPORTED.contains(name) || areHidden(name);
    }

    /// Whether a package is one of those that users do not see.
    public static boolean areHidden(String name) {
        return name.startsWith(INTERNAL);
    }
}
