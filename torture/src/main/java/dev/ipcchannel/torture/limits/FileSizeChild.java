package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.util.List;

/// A child that walks while no file, and so no memory file, may be longer than some bytes.
public final class FileSizeChild {

    static final String NAME = "file size";

    private static final List<Long> SIZES =
            List.of(0L, 1L, 4095L, 4096L, 8192L, 16_384L, 65_536L, 69_632L, 73_728L, 1L << 20);

    private FileSizeChild() {}

    /// Runs the child; the argument is the file for its findings.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], FileSizeChild::sweep);
    }

    private static void sweep(Findings findings) throws IOException, InterruptedException {
        Walk walk = Walk.prepare(findings);
        int failed = 0;
        for (long size : SIZES) {
            limit(Long.toString(size));
            failed = walk.limited(NAME, "with files of %d bytes at most".formatted(size));
            limit("unlimited");
            walk.checkNothingLeft("with files of %d bytes at most".formatted(size));
        }
        if (failed > 0) {
            findings.fault("a walk fails with files of %d bytes at most".formatted(
                    SIZES.getLast()));
        }
        walk.clean("after the sweep of file sizes");
    }

    /// Sets the soft limit of this process itself.
    private static void limit(String size) throws IOException, InterruptedException {
        Process change = new ProcessBuilder("prlimit", "--fsize=" + size + ":", "--pid",
                Long.toString(ProcessHandle.current().pid())).inheritIO().start();
        if (change.waitFor() != 0) {
            throw new IOException("prlimit failed: fsize=" + size);
        }
    }
}
