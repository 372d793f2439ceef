package dev.ipcchannel.demo.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Test of which standard streams are terminals. The JDK reports that only for input and output
/// together.
final class Terminal {

    static final int INPUT = 0;
    static final int OUTPUT = 1;
    static final int ERROR = 2;

    private Terminal() {}

    static boolean is(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString()
                    .matches("/dev/(pts/|tty|console).*");
        } catch (IOException _) { // it is closed, or there is no /proc
            return false;
        }
    }
}
