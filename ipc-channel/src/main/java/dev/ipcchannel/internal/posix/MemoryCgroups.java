package dev.ipcchannel.internal.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The memory cgroups that this process is in, by version 1 and 2 of that interface, and the memory
/// that their limits leave at all levels, as far as they are visible here.
///
/// A memory file counts as used: it can only be written back to swap. File contents cached for a
/// cgroup's processes can be dropped, and count as free.
final class MemoryCgroups {

    private static final AvailableMemory.Room UNLIMITED =
            new AvailableMemory.Room(Long.MAX_VALUE, "none");
    // A limit of "none" in version 1 is larger than this.
    private static final long LARGEST_LIMIT = 1L << 60;
    // Left for other uses: the heap, page tables, and what the kernel counts late.
    private static final long LARGEST_RESERVE = 16 << 20;
    private static final int RESERVE_PART = 16;

    // The names in memory.stat of memory that the kernel can drop.
    private static final List<String> DROPPABLE_V1 =
            List.of("total_inactive_file", "total_active_file");
    private static final List<String> DROPPABLE_V2 =
            List.of("inactive_file", "active_file", "slab_reclaimable");

    /// A version of the interface, with the names of its files.
    enum Version {
        V1("memory.limit_in_bytes", "memory.usage_in_bytes"),
        V2("memory.max", "memory.current");

        private final String limit;
        private final String usage;

        Version(String limit, String usage) {
            this.limit = limit;
            this.usage = usage;
        }
    }

    /// A cgroup that this process is in.
    record Membership(Version version, Path folder) {}

    /// A folder where the cgroups of a version are visible.
    ///
    /// @param root the path of the cgroup that is visible at `folder`
    record Mount(Version version, String root, Path folder) {

        /// The folder of the cgroup at `path`, or the outermost visible one.
        Path folderOf(String path) {
            String below = root.equals("/") ? path
                    : path.equals(root) || path.startsWith(root + "/")
                            ? path.substring(root.length())
                            : "";
            Path found = folder.resolve(below.replaceFirst("^/+", "")).normalize();
            return found.startsWith(folder) ? found : folder;
        }
    }

    private final Path self;
    // Found once: mounts do not change under a running process.
    private @Nullable List<Mount> mounts;

    /// @param self the folder of this process in /proc
    MemoryCgroups(Path self) {
        this.self = self;
    }

    /// The version and folder of this process's own cgroup; null if none is visible.
    @Nullable
    Membership membership() {
        String memberships = text(self.resolve("cgroup"));
        for (Mount mount : mounts()) {
            String path = path(memberships, mount.version);
            // The unified hierarchy beside version 1 does not have the controller.
            if (path != null && (mount.version == Version.V1 || hasMemory(mount, path))) {
                return new Membership(mount.version, mount.folderOf(path));
            }
        }
        return null;
    }

    private static boolean hasMemory(Mount mount, String path) {
        return List.of(text(mount.folderOf(path).resolve("cgroup.controllers")).strip()
                .split(" ", -1)).contains("memory");
    }

    /// The tightest limit of all levels, whatever is used of it.
    AvailableMemory.Room limit() {
        AvailableMemory.Room limit = UNLIMITED;
        Membership own = membership();
        if (own == null) {
            return UNLIMITED;
        }
        for (Path level = own.folder; level != null; level = level.getParent()) {
            Path file = level.resolve(own.version.limit);
            limit = limit.tighter(new AvailableMemory.Room(figure(file), file.toString()));
        }
        return limit.bytes() > LARGEST_LIMIT ? UNLIMITED : limit;
    }

    private List<Mount> mounts() {
        List<Mount> known = mounts;
        if (known == null) {
            known = text(self.resolve("mountinfo")).lines().map(MemoryCgroups::mount)
                    .filter(mount -> mount != null).toList();
            mounts = known;
        }
        return known;
    }

    /// The memory that the tightest limit leaves. Used by one thread at a time.
    ///
    /// @param freeSwap the unused bytes of the machine's swap
    AvailableMemory.Room room(long freeSwap) {
        List<Mount> known = mounts();
        if (known.isEmpty()) {
            return UNLIMITED;
        }
        // Read each time: a parent may move its child to another cgroup, above all at the start.
        String memberships = text(self.resolve("cgroup"));
        AvailableMemory.Room room = UNLIMITED;
        for (Mount mount : known) {
            String path = path(memberships, mount.version);
            if (path != null) {
                room = room.tighter(room(mount, mount.folderOf(path), freeSwap));
            }
        }
        return room;
    }

    private static AvailableMemory.Room room(Mount mount, Path innermost, long freeSwap) {
        AvailableMemory.Room room = UNLIMITED;
        for (Path level = innermost; level != null && level.startsWith(mount.folder); level =
                level.getParent()) {
            room = room.tighter(level(mount.version, level, freeSwap));
        }
        return room;
    }

    private static AvailableMemory.Room level(Version version, Path folder, long freeSwap) {
        Path limitFile = folder.resolve(version.limit);
        long limit = figure(limitFile);
        long usage = figure(folder.resolve(version.usage));
        if (limit > LARGEST_LIMIT || usage > LARGEST_LIMIT) {
            return UNLIMITED;
        }
        String stat = text(folder.resolve("memory.stat"));
        long droppable = 0;
        for (String name : version == Version.V1 ? DROPPABLE_V1 : DROPPABLE_V2) {
            droppable += Figures.of(stat, name, 0);
        }
        long used = Math.max(0, usage - droppable);
        long reserve = Math.min(LARGEST_RESERVE, limit / RESERVE_PART);
        long swap = version == Version.V2 ? swap(folder, freeSwap) : 0;
        return new AvailableMemory.Room(Math.max(0, limit - used - reserve + swap),
                limitFile.toString());
    }

    private static long swap(Path folder, long freeSwap) {
        if (freeSwap == 0) {
            return 0;
        }
        long limit = figure(folder.resolve("memory.swap.max"));
        long used = figure(folder.resolve("memory.swap.current"));
        return limit > LARGEST_LIMIT ? freeSwap : Math.clamp(limit - used, 0, freeSwap);
    }

    /// The number in a file; the largest `long` if there is no number, as in "max", or no file.
    static long figure(Path file) {
        return Figures.number(text(file), Long.MAX_VALUE);
    }

    /// The text of a file. A name that is not UTF-8 spoils only its own line.
    ///
    /// @return an empty text if there is no such file, or if it may not be read
    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }

    /// The path of this process's cgroup, from lines of the form "hierarchy:controllers:path".
    private static @Nullable String path(String memberships, Version version) {
        for (String line : memberships.lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && (version == Version.V2
                    ? fields[0].equals("0") && fields[1].isEmpty()
                    : List.of(fields[1].split(",", -1)).contains("memory"))) {
                return fields[2];
            }
        }
        return null;
    }

    /// The mount in a line "id parent device root folder options… - type source options".
    ///
    /// @return null for another file system
    private static @Nullable Mount mount(String line) {
        String[] sides = line.split(" - ", 2);
        String[] left = sides[0].split(" ", -1);
        if (sides.length < 2 || left.length < 5) {
            return null;
        }
        String[] right = sides[1].split(" ", -1);
        Version version = switch (right[0]) {
            case "cgroup2" -> Version.V2;
            case "cgroup" -> List.of(right[right.length - 1].split(",", -1)).contains("memory")
                    ? Version.V1 : null;
            default -> null;
        };
        return version == null ? null
                : new Mount(version, unescaped(left[3]), Path.of(unescaped(left[4])));
    }

    /// Blanks and similar characters are written as three octal digits.
    private static String unescaped(String field) {
        return Pattern.compile("\\\\([0-7]{3})").matcher(field).replaceAll(MemoryCgroups::letter);
    }

    private static String letter(MatchResult octal) {
        return Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
    }
}
