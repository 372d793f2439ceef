package dev.ipcchannel.demo.parent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which standard streams a person sits at. The JDK knows it of input and output together only.
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
