package dev.ipcchannel.named;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.testing.children.ExitFilesChild;
import java.nio.file.Path;

/// A program that opens a name when its own exit has removed all files.
public final class LateOpener {

    private LateOpener() {}

    /// Exits.
    ///
    /// @param arguments a folder, for a name in it
    public static void main(String[] arguments) throws Exception {
        NamedSender.open("early", String.class).close(); // the classes are there
        ExitFilesChild.exitAndThen(Path.of(arguments[0], "too late"), () -> {
            Path folder = NamedDirectory.path();
            ExitFilesChild.touchLongAgo(folder);
            System.out.println(open());
            System.out.println(ExitFilesChild.isTouchedLongAgo(folder));
        });
    }

    private static String open() {
        try {
            return NamedSender.open("late", String.class).toString();
        } catch (IpcException | InterruptedException failure) {
            return String.valueOf(failure.getMessage());
        }
    }
}
