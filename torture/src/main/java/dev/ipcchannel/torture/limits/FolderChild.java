package dev.ipcchannel.torture.limits;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A child that walks while the file system of the temporary folder is full.
public final class FolderChild {

    static final String NAME = "full folder";

    private static final int MOST = 1000;
    private static final int ROUNDS = 5;

    private FolderChild() {}

    /// Runs the child; the argument is the file for its findings.
    public static void main(String[] arguments) throws IOException {
        Limit.main(arguments[0], FolderChild::fill);
    }

    private static void fill(Findings findings) throws IOException {
        Walk walk = Walk.prepare(findings);
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        List<Path> files = new ArrayList<>();
        try { // the number of its files is bounded
            while (files.size() < MOST) {
                Path file = folder.resolve("filler-" + files.size());
                Files.createFile(file);
                files.add(file);
            }
            findings.fault("a folder of few files has room for " + MOST);
        } catch (IOException _) {
            findings.count(NAME + ": files until it was full", files.size());
        }
        for (int i = 0; i < ROUNDS; i++) {
            walk.limited(NAME, "with a full folder");
            walk.checkNothingLeft("with a full folder");
            if (i < files.size()) {
                Files.deleteIfExists(files.get(files.size() - 1 - i));
            }
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        walk.clean("after a full folder");
    }
}
