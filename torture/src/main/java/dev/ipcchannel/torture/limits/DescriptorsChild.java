package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Findings;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// A child that walks with every small number of descriptors left, from none to enough.
public final class DescriptorsChild {

    static final String NAME = "descriptors";

    private static final int MOST = 100;
    private static final int CLEAN_ROUNDS = 3; // so often nothing has failed: enough are left

    private DescriptorsChild() {}

    /// Runs the child; the argument is the file for its findings.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], DescriptorsChild::sweep);
    }

    private static void sweep(Findings findings) throws IOException {
        Walk walk = Walk.prepare(findings);
        int clean = 0;
        for (int left = 0; left < MOST && clean < CLEAN_ROUNDS; left++) {
            int failed = walkWith(left, walk);
            walk.checkNothingLeft("with %d descriptors left".formatted(left));
            clean = failed == 0 ? clean + 1 : 0;
        }
        if (clean < CLEAN_ROUNDS) {
            findings.fault("a walk fails with %d descriptors left".formatted(MOST));
        }
        walk.clean("after the sweep of descriptors");
    }

    /// Walks with `left` descriptors left.
    ///
    /// @return the number of steps that failed
    private static int walkWith(int left, Walk walk) throws IOException {
        Deque<FileInputStream> files = occupyAll();
        try {
            for (int i = 0; i < left; i++) {
                files.pop().close();
            }
            return walk.limited(NAME, "with %d descriptors left".formatted(left));
        } finally {
            for (FileInputStream file : files) {
                file.close();
            }
        }
    }

    private static Deque<FileInputStream> occupyAll() {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            while (true) {
                files.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) { // that was the last one
            return files;
        }
    }
}
