package dev.ipcchannel.child;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.testing.children.ExitFilesChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A program that writes an argument file when its own exit has removed all of them.
public final class LateStarter {

    private LateStarter() {}

    /// Exits.
    ///
    /// @param arguments a folder, for a name in it
    public static void main(String[] arguments) throws Exception {
        ExitFilesChild.exitAndThen(Path.of(arguments[0], "too late"), () -> {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"));
            ExitFilesChild.touchLongAgo(folder);
            System.out.println(write());
            System.out.println(ExitFilesChild.isTouchedLongAgo(folder));
        });
    }

    private static String write() {
        try {
            return ArgumentFile.of(List.of(new byte[]{1})).toString();
        } catch (ChildFailed | IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }
}
