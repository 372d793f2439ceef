package dev.ipcchannel.examples.words;

import dev.ipcchannel.launcher.Command;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedSet;
import java.util.TreeSet;

/// A search for the files whose words are to be counted. One thread uses it.
public final class TextFiles {

    private static final String TEXT = ".+\\.(java|md|txt)";

    private final SortedSet<String> files = new TreeSet<>();
    private final Tally tally;

    /// @param tally receives the paths that exist but cannot be counted
    public TextFiles(Tally tally) {
        this.tally = tally;
    }

    /// The paths of all files found, in alphabetical order.
    public SortedSet<String> files() {
        return files;
    }

    /// Searches a folder and all its subfolders for files, except hidden ones such as `.git`.
    ///
    /// @throws IOException if the folder itself cannot be found
    public void addFrom(Path folder) throws IOException {
        Path start = folder.toRealPath();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return path.equals(start) || !name(path).startsWith(".")
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                boolean isFile = attributes.isRegularFile()
                        || (attributes.isSymbolicLink() && isNothingElse(path));
                if (isFile && name(path).matches(TEXT)) {
                    add(path.toString());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) {
                tally.failed(path.toString(), failure instanceof AccessDeniedException
                        ? "this user may not look into it"
                        : String.valueOf(failure.getMessage()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void add(String path) {
        if (path.contains(Command.UNREADABLE)) {
            tally.failed(path, Command.unreadable("its name"));
        } else {
            files.add(path);
        }
    }

    /// Whether a link leads to a file, or to nothing: in that case its worker reports the failure.
    private static boolean isNothingElse(Path link) {
        return Files.isRegularFile(link) || !Files.exists(link);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
