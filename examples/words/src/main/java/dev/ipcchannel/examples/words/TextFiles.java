package dev.ipcchannel.examples.words;

import dev.ipcchannel.launcher.Command;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.cli.ParseException;

/// A search for the files whose words are to be counted. One thread uses it.
public final class TextFiles {

    private static final String TEXT = ".+\\.(java|md|txt)";

    private final SortedSet<String> files = new TreeSet<>();
    private final Tally tally;

    /// @param tally receives the paths that exist but cannot be counted
    public TextFiles(Tally tally) {
        this.tally = tally;
    }

    /// The folders that a command line names; the working folder if it names none.
    ///
    /// @throws ParseException if there is no folder of such a name
    public static List<Path> folders(List<String> names) throws ParseException {
        List<Path> folders = new ArrayList<>();
        for (String name : names.isEmpty() ? List.of(".") : names) {
            folders.add(folder(name));
        }
        return folders;
    }

    private static Path folder(String name) throws ParseException {
        if (name.contains(Command.UNREADABLE)) {
            throw new ParseException(Command.unreadable("a folder's name"));
        }
        Path folder = Path.of(name);
        if (!name.isEmpty() && Files.isDirectory(folder)) {
            return folder;
        }
        throw new ParseException((Files.exists(folder) && !name.isEmpty()
                ? "this is a file, name the folder that it is in: path="
                : "there is no such folder: path=") + Command.shown(name));
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
