package dev.ipcchannel.child;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.launch.JavaRuntime;
import dev.ipcchannel.internal.launch.Program;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An archive of the classes of a child, which its JVM loads faster: a dynamic class data archive
/// (CDS), one for each class path, VM and set of flags, in the user's cache directory.
///
/// The first child that is started without an archive writes one as it ends, to a temporary name.
/// If the child ended well, the file is renamed into place, so no process sees half an archive.
/// Meanwhile other children start without an archive. A flock, which the parent holds, makes sure
/// that there is one writer. A child that is killed writes no archive, and the next one tries.
///
/// The locked file has the length and the time of the archive. An archive that does not match them
/// is made anew, for a JVM that finds half an archive gives up all archives and prints a warning at
/// each start. The bytes are not checked at each start, since that would cost more than the archive
/// saves. If a child crashes before it has connected, its archive is deleted and made anew.
///
/// An archive only saves time. So no failure with it is an error: the child starts without an
/// archive.
final class ClassArchive {

    static final long MAX_FOLDER_BYTES = 256L << 20;

    private static final int DIGEST_BYTES = 16;
    private static final String SUFFIX = ".jsa";
    // CDS_DYNAMIC_ARCHIVE_MAGIC of HotSpot's cds.h, little-endian. A JVM that finds another magic
    // number gives up its own archive as well, with a warning.
    private static final byte[] MAGIC = {(byte) 0xa8, (byte) 0xab, 0x0b, (byte) 0xf0};

    private final List<String> options;
    private final @Nullable Path written; // by the child, if it is the writer
    private final Path archive;
    private final String note; // of the archive that is read; empty if one is written
    private final @Nullable Descriptor lock;

    /// An archive to be read.
    private ClassArchive(Path archive, String note) {
        this(archive, note, null, null);
    }

    private ClassArchive(Path archive, String note, @Nullable Path written,
            @Nullable Descriptor lock) {
        this.archive = archive;
        this.note = note;
        this.written = written;
        this.lock = lock;
        // A reader must not write the archive, even if its JVM finds that it does not match.
        this.options = written == null ? List.of("-XX:SharedArchiveFile=" + archive)
                : List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + written);
    }

    /// The archive for a child, to be read or to be written.
    ///
    /// @return null if there can be no archive, or another child is writing it
    static @Nullable ClassArchive of(Program program, JavaRuntime java, List<String> flags) {
        List<Path> sources = program.classSources();
        boolean isPossible = java.feature() >= 25 && !java.version().isEmpty()
                && !sources.isEmpty() && sources.stream().allMatch(Files::isRegularFile);
        Path folder = isPossible ? UserFolder.of("XDG_CACHE_HOME", ".cache") : null;
        return folder != null ? in(folder, sources, java, flags) : null;
    }

    static @Nullable ClassArchive in(Path folder, List<Path> sources, JavaRuntime java,
            List<String> flags) {
        try {
            makePrivate(folder);
            Path archive = folder.resolve(name(sources, java, flags) + SUFFIX);
            String note = isArchive(archive) ? note(archive) : "";
            return isNoted(archive, note) ? new ClassArchive(archive, note) : claim(archive);
        } catch (IOException | UncheckedIOException | PosixException failure) {
            Log.debug("a child starts without a class archive", failure);
            return null;
        }
    }

    /// Makes the folder private: a user with the right to write there could run code in children.
    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    private static @Nullable ClassArchive claim(Path archive) throws IOException {
        Path lockFile = lockFile(archive);
        if (!Files.exists(lockFile)) {
            Files.write(lockFile, new byte[0]);
        }
        Descriptor lock = Flock.openLocked(lockFile.toString());
        if (lock == null) {
            return null;
        }
        try {
            makeRoom(archive.resolveSibling(""));
            Path written = Path.of(archive + ".new");
            Files.deleteIfExists(written); // left by a killed child
            Files.deleteIfExists(archive); // it is not valid
            return new ClassArchive(archive, "", written, lock);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static String name(List<Path> sources, JavaRuntime java, List<String> flags)
            throws IOException {
        StringBuilder key = new StringBuilder();
        key.append(java.java()).append('\n').append(java.version()).append('\n');
        flags.forEach(flag -> key.append(flag).append('\n'));
        for (Path source : sources) {
            BasicFileAttributes found =
                    Files.readAttributes(source, BasicFileAttributes.class);
            key.append(source.toAbsolutePath()).append(' ').append(found.size()).append(' ')
                    .append(found.lastModifiedTime().toMillis()).append('\n');
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(key.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) { // every JDK has it
            throw new AssertionError(impossible);
        }
    }

    private static Path lockFile(Path archive) {
        return Path.of(archive + ".lock");
    }

    /// Whether the file is an archive at all; the JVM checks whether it is its own.
    private static boolean isArchive(Path archive) throws IOException {
        if (!Files.isRegularFile(archive)) {
            return false;
        }
        try (InputStream bytes = Files.newInputStream(archive)) {
            return Arrays.equals(bytes.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /// @param note empty if there is no archive
    private static boolean isNoted(Path archive, String note) throws IOException {
        Path lockFile = lockFile(archive);
        return !note.isEmpty() && Files.isRegularFile(lockFile)
                && note.equals(Files.readString(lockFile, StandardCharsets.ISO_8859_1));
    }

    private static String note(Path archive) throws IOException {
        BasicFileAttributes found = Files.readAttributes(archive, BasicFileAttributes.class);
        return found.size() + " " + found.lastModifiedTime();
    }

    /// Deletes the archives used least recently, until the folder is below its limit.
    private static void makeRoom(Path folder) throws IOException {
        List<Path> archives;
        try (Stream<Path> files = Files.list(folder)) {
            archives = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(ClassArchive::lastUse)).toList();
        }
        long bytes = 0;
        for (Path archive : archives.reversed()) {
            bytes += Files.size(archive);
            if (bytes > MAX_FOLDER_BYTES) {
                Files.deleteIfExists(archive);
                Files.deleteIfExists(lockFile(archive));
            }
        }
    }

    /// The time of the last use: a JVM that maps the archive reads it, which the file system notes
    /// about once a day.
    private static FileTime lastUse(Path archive) {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(archive, BasicFileAttributes.class);
            return found.lastAccessTime().compareTo(found.lastModifiedTime()) > 0
                    ? found.lastAccessTime() : found.lastModifiedTime();
        } catch (IOException _) { // it is gone
            return FileTime.fromMillis(0);
        }
    }

    /// The options for the child's JVM.
    List<String> options() {
        return options;
    }

    /// Notes that the child has ended. An archive that it has written is put into place; an archive
    /// with which it has crashed is deleted.
    ///
    /// @param hasCrashed whether its JVM has crashed before it connected
    void ended(int exitCode, boolean hasCrashed) {
        Path fresh = written;
        if (fresh != null) {
            keep(fresh, exitCode);
        } else if (hasCrashed) {
            giveUp();
        }
    }

    private void keep(Path fresh, int exitCode) {
        try {
            if (exitCode == 0 && isArchive(fresh)) {
                Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
                Files.writeString(lockFile(archive), note(archive), StandardCharsets.ISO_8859_1);
            }
            Files.deleteIfExists(fresh);
        } catch (IOException failure) {
            Log.debug("a class archive could not be kept", failure);
        } finally {
            release();
        }
    }

    /// Deletes the archive. Processes that have mapped it keep it. A newer archive in its place is
    /// not deleted, except in a short race, after which it is written once more.
    private void giveUp() {
        try {
            if (Files.isRegularFile(archive) && note(archive).equals(note)) {
                Files.delete(archive);
                Log.debug("a class archive is given up, for a child has crashed under it", archive);
            }
        } catch (IOException failure) {
            Log.debug("a class archive could not be given up", failure);
        }
    }

    /// Gives the lock up, as when the child was not started.
    void release() {
        if (lock != null) {
            lock.close();
        }
    }
}
