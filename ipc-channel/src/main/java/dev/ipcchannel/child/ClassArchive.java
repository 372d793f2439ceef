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

/// The classes of a child in a form that its JVM loads faster: a dynamic class data archive, one
/// for each class path, VM and set of flags, in the user's cache directory.
///
/// The first child that is started without one writes it as it ends, to a name of its own, which
/// takes its place if that child ended well: so nobody sees half an archive. Meanwhile others start
/// without. That there is one writer a flock says, which goes with the parent that holds it. A
/// child that is killed writes none, and the next one tries. The locked file says how long the
/// archive is and of when: one that is not so any more is made anew, for a JVM that finds half of
/// one does without all archives and says so each time. Its bytes are not checked at each start,
/// which would cost more than it saves: one under which a child has crashed before it was connected
/// is deleted, and made anew.
///
/// It is there to be quick, so whatever goes wrong with it is not an error but a child that starts
/// without one.
final class ClassArchive {

    static final long MAX_FOLDER_BYTES = 256L << 20;

    private static final int DIGEST_BYTES = 16;
    private static final String SUFFIX = ".jsa";
    // CDS_DYNAMIC_ARCHIVE_MAGIC of HotSpot's cds.h, little-endian. A JVM that finds another one
    // gives up its own archive as well, and says so.
    private static final byte[] MAGIC = {(byte) 0xa8, (byte) 0xab, 0x0b, (byte) 0xf0};

    private final List<String> options;
    private final @Nullable Path written; // by the child, if it is the one that writes
    private final Path archive;
    private final String note; // of the archive that is read, empty if one is written
    private final @Nullable Descriptor lock;

    /// One to be read.
    private ClassArchive(Path archive, String note) {
        this(archive, note, null, null);
    }

    private ClassArchive(Path archive, String note, @Nullable Path written,
            @Nullable Descriptor lock) {
        this.archive = archive;
        this.note = note;
        this.written = written;
        this.lock = lock;
        // One that reads must not write in its place, if its JVM finds the archive does not fit.
        this.options = written == null ? List.of("-XX:SharedArchiveFile=" + archive)
                : List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + written);
    }

    /// The archive for such a child, to be read or to be written.
    ///
    /// @return null if there can be none, or another child is writing it
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

    /// Whoever writes there decides what children run.
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
            Files.deleteIfExists(written); // what a killed one has left
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

    /// Whether it is an archive at all; the JVM checks whose it is.
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

    /// Deletes those used the longest time ago, until the folder is below its limit.
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

    /// A JVM that maps it reads it, which the file system notes once a day or so.
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

    /// What the child's JVM has to be told.
    List<String> options() {
        return options;
    }

    /// The child has ended. What it has written takes its place; what it has crashed under goes.
    ///
    /// @param hasCrashed whether its JVM has, before it has come so far as to connect
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

    /// Others may map the file, which they keep. If another one has come in its place, that stays,
    /// but for a moment in which the worst is that it is written once more.
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

    /// The child was not started.
    void release() {
        if (lock != null) {
            lock.close();
        }
    }
}
