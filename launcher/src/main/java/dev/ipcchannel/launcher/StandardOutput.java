package dev.ipcchannel.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/** Standard output of this process, for programs that could not write to it. */
public final class StandardOutput {

    /** The exit code after its reader has gone, like that of a program that SIGPIPE ended. */
    public static final int READER_GONE = 141;

    private static final Path DESCRIPTOR = Paths.get("/proc/self/fd/1");
    private static final int KIND = 0170000; // the bits of st_mode, see inode(7)
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private StandardOutput() {}

    /**
     * Complains of output that is lost, unless its reader has had enough, as {@code head} has.
     *
     * @param program whose output it is, by its own name
     * @param code of a complaint
     * @return the exit code: this one, or {@link #READER_GONE}
     */
    public static int lost(String program, int code) {
        if (isReadByAnother()) {
            return READER_GONE;
        }
        System.err.println(
                Command.name(program)
                        + ": standard output cannot be written: see that its device has room");
        return code;
    }

    /**
     * Whether it is a pipe or a socket, whose writes fail when the reader has gone, and for no
     * other reason: nothing to complain of.
     *
     * @return false as well if that cannot be found out
     */
    private static boolean isReadByAnother() {
        try {
            int kind = (Integer) Files.getAttribute(DESCRIPTOR, "unix:mode") & KIND;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException closed) { // or there is no /proc
            return false;
        }
    }
}
