package dev.ipcchannel.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ipcchannel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/// Another user to run children as, where the tests may do that.
public final class OtherUser {

    /// The number of "nobody".
    public static final int NUMBER = 65534;

    private static final String[] COMMAND = {"setpriv", "--reuid=" + NUMBER, "--regid=" + NUMBER,
        "--clear-groups"};

    private OtherUser() {}

    /// The program that runs a command as that user. Skips the test where there is none.
    public static String[] command() throws IOException {
        assumeTrue(isRoot(), "only root can run a process of another user");
        assumeTrue(isInstalled(), "setpriv is not installed (Debian package util-linux)");
        // Other libraries may lie where only root can read; these children need none.
        for (Class<?> type : List.of(Channel.class, OtherUser.class)) {
            assumeTrue(isReadable(ClassFiles.rootOf(type)),
                    "another user cannot read the classes: " + ClassFiles.rootOf(type));
        }
        assumeTrue(isReadable(Path.of(System.getProperty("java.home"), "bin", "java")),
                "another user cannot read the JDK");
        return COMMAND.clone();
    }

    /// Gives a file to that user, or back to root.
    public static void own(Path path, int user) throws IOException {
        Files.setAttribute(path, "unix:uid", user);
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }

    private static boolean isReadable(Path path) throws IOException {
        for (Path at = path.toRealPath(); at != null; at = at.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(at);
            if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }
}
