package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.Users;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The file in which HotSpot reports the crash of a child JVM. It is in a folder that only this
/// user can use and that has a limit, not in the child's working directory.
///
/// Its name has the child's pid, as the child itself sees it, and a random number of this start,
/// since pids are used again and differ between namespaces. Each start and each crash of a child
/// deletes the files beyond the limit, the oldest first. Any number of processes may do so at once:
/// a file is deleted only because of newer files.
///
/// No failure with this file is an error: then the child's JVM writes the report to its default
/// place, the working directory or else `/tmp`.
final class CrashFile {

    static final int MAX_FILES = 32;
    static final long MAX_FOLDER_BYTES = 32L << 20;

    private static final String PREFIX = "hs_err_pid";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,10})-[0-9a-f]{16}\\.log");
    private static final String CLOCK = "swept"; // written to read the folder's clock
    private static final long YOUNG_SECONDS = TimeUnit.MINUTES.toSeconds(1);
    private static final long RUNNING_SECONDS = TimeUnit.DAYS.toSeconds(1); // a pid is reused

    private final Path folder;
    private final String suffix;

    private CrashFile(Path folder, String suffix) {
        this.folder = folder;
        this.suffix = suffix;
    }

    /// The crash file of a child that is about to start.
    ///
    /// @return null if the user has chosen another place, or the folder cannot be used
    static @Nullable CrashFile of(ChildJvm child) {
        Path state = saysWhere(child) ? null : UserFolder.of("XDG_STATE_HOME", ".local/state");
        return state == null ? null : in(state.resolve("crashes"));
    }

    /// Whether the user has chosen the place of crash files. The library's option would override
    /// these variables and files, since it is on the command line.
    private static boolean saysWhere(ChildJvm child) {
        for (String name : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            String own = child.variables().get(name);
            String value = own == null ? System.getenv(name) : own;
            if (value != null && value.contains("ErrorFile")) {
                return true;
            }
        }
        return child.options().stream().anyMatch(
                option -> option.contains("ErrorFile") || option.startsWith("-XX:Flags="));
    }

    static @Nullable CrashFile in(Path folder) {
        try {
            Files.createDirectories(folder, PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failure) {
            Log.debug("a child starts without a folder for its crash", failure);
            return null;
        }
        if (!Users.ownAlone(folder)) {
            Log.debug("a child starts without a folder for its crash, since it is not this user's"
                    + " alone", folder);
            return null;
        }
        CrashFile file = new CrashFile(folder,
                "-%016x.log".formatted(new SplittableRandom().nextLong()));
        file.sweep();
        return file;
    }

    /// The option for the child's JVM. HotSpot takes it byte by byte, whatever the locale, except
    /// for percent signs.
    byte[] option() {
        return FileNames.bytes("-XX:ErrorFile=" + folder.toString().replace("%", "%%") + "/"
                + PREFIX + "%p" + suffix);
    }

    /// The path of the file.
    ///
    /// @return null if the child has not crashed, or could not write it there
    @Nullable
    Path find() {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, PREFIX + "*" + suffix)) {
            for (Path file : files) {
                return file;
            }
        } catch (IOException | DirectoryIteratorException failure) {
            Log.debug("a crash file could not be looked for", failure);
        }
        return null;
    }

    /// A crash file in the folder.
    ///
    /// @param seconds the time of the last write, by the folder's clock
    private record Left(Path file, long pid, long bytes, long seconds) {}

    /// Deletes the files beyond the limit, except those younger than a minute and those whose JVM
    /// may still run.
    void sweep() {
        try {
            List<Left> excess = beyondBound();
            if (excess.isEmpty()) {
                return;
            }
            long now = now();
            for (Left left : excess) {
                if (!isNeeded(left, now)) {
                    Files.deleteIfExists(left.file());
                }
            }
        } catch (IOException | DirectoryIteratorException failure) {
            Log.debug("old crash files could not be deleted", failure);
        }
    }

    private List<Left> beyondBound() throws IOException {
        List<Left> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    add(all, file, Long.parseLong(name.group(1)));
                }
            }
        }
        all.sort(Comparator.comparingLong(Left::seconds).reversed());
        List<Left> excess = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).bytes();
            if (i >= MAX_FILES || bytes > MAX_FOLDER_BYTES) {
                excess.add(all.get(i));
            }
        }
        return excess;
    }

    private static void add(List<Left> all, Path file, long pid) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            if (found.isRegularFile()) {
                all.add(new Left(file, pid, found.size(),
                        found.lastModifiedTime().to(TimeUnit.SECONDS)));
            }
        } catch (IOException _) {
            // Another process has deleted it.
        }
    }

    /// The time by the folder's clock, which its files go by: the folder may be on another machine.
    private long now() throws IOException {
        Path clock = Files.write(folder.resolve(CLOCK), new byte[1]);
        return Files.getLastModifiedTime(clock).to(TimeUnit.SECONDS);
    }

    /// Whether the file must be kept for now. A clock may be set back: a file with a time in the
    /// future is not young for ever.
    private static boolean isNeeded(Left left, long now) {
        long age = Math.abs(now - left.seconds());
        return age < YOUNG_SECONDS
                || (age < RUNNING_SECONDS && Files.exists(Path.of("/proc/" + left.pid())));
    }
}
