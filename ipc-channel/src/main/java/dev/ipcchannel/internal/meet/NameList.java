package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.NameLock.Look;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The list of the names that are open in the directory, for people. It opens none, and removes the
/// files of dead members unless their name is locked at the moment.
public final class NameList {

    static final int MAX_SHOWN = 8;
    static final int MAX_LOOKED = 64; // folders, which may have no living member
    private static final int MAX_COUNTED = 100; // members of a name

    private NameList() {}

    /// All living members, of all names. Removes the files of dead ones.
    ///
    /// @throws MeetingException if the directory cannot be used
    public static List<Entry> of(RuntimeDirectory directory) {
        List<Entry> listed = new ArrayList<>();
        for (Path folder : folders(directory)) {
            for (NameKind kind : NameKind.values()) {
                if (isOf(kind, folder)) {
                    add(NameFolder.found(directory, kind, folder), listed);
                }
            }
        }
        return listed;
    }

    /// Whether a folder has the name and the rights of a [NameFolder]. Other folders are a user's,
    /// and are left alone.
    private static boolean isOf(NameKind kind, Path folder) {
        String name = String.valueOf(folder.getFileName());
        String start = kind.word() + "-";
        return name.startsWith(start) && Found.isId(name.substring(start.length()))
                && isOwnAlone(folder);
    }

    private static boolean isOwnAlone(Path folder) {
        try {
            FileState state = FileState.at(folder);
            return state != null && state.isOwnAlone();
        } catch (PosixException failure) {
            Log.debug("a folder in the directory of names cannot be looked at", failure);
            return false;
        }
    }

    private static List<Path> folders(RuntimeDirectory directory) {
        if (!directory.isThere()) {
            return List.of();
        }
        try (Descriptor open = Flock.open(directory.path().toString())) {
            return open == null ? List.of() // it has gone meanwhile
                    : FileCalls.names(open).stream().map(directory.path()::resolve).toList();
        } catch (PosixException failure) {
            throw directory.failed("it cannot be read", failure);
        }
    }

    private static void add(NameFolder folder, List<Entry> listed) {
        try {
            for (Found found : folder.members()) {
                Entry entry = found.entry();
                if (entry != null) {
                    listed.add(entry);
                }
            }
        } catch (MeetingException failure) { // another file with such a name
            Log.debug("a folder in the directory of names cannot be read", failure);
        }
    }

    /// The directory in which a member of `own` looks for others, and the names there, as the end
    /// of a sentence. Its own name comes first.
    static String whereabouts(NameFolder own) {
        RuntimeDirectory directory = own.directory();
        return ("looked in %s (%s), where %s: processes that are to meet have to look in the same"
                + " one: set")
                .formatted(directory.path(), directory.source(), names(own))
                + " " + RuntimeDirectory.VARIABLE
                + " to it in each, and give one that is starting more time";
    }

    private static String names(NameFolder own) {
        try {
            return names(folders(own), folder -> NameLock.look(folder, _ -> true, MAX_COUNTED));
        } catch (MeetingException failure) {
            return "nothing can be read";
        }
    }

    /// The folders of names: first the member's own, then those of its kind.
    private static List<NameFolder> folders(NameFolder own) {
        List<NameFolder> folders = new ArrayList<>();
        folders.add(own);
        for (Path path : folders(own.directory())) {
            for (NameKind kind : NameKind.values()) {
                if (isOf(kind, path) && !path.equals(own.path())) {
                    int at = kind == own.kind() ? 1 : folders.size();
                    folders.add(at, NameFolder.found(own.directory(), kind, path));
                }
            }
        }
        return folders;
    }

    /// The open names in these folders. It looks at no more folders than are shown.
    ///
    /// @param look at the members of one folder
    static String names(List<NameFolder> folders, Function<NameFolder, Look> look) {
        Map<String, Shown> names = new TreeMap<>();
        int looked = 0;
        while (looked < Math.min(MAX_LOOKED, folders.size()) && names.size() < MAX_SHOWN) {
            add(look, folders.get(looked), names);
            looked++;
        }
        int left = folders.size() - looked;
        String more = left == 0 ? "" : " and up to %d more".formatted(left);
        return names.isEmpty()
                ? left == 0 ? "no name is open" : "up to %d names are open".formatted(left)
                : names.entrySet().stream().map(name -> name.getKey() + name.getValue())
                        .collect(Collectors.joining(", ", "these names are open: ", more));
    }

    private static void add(Function<NameFolder, Look> look, NameFolder folder,
            Map<String, Shown> names) {
        try {
            Look seen = look.apply(folder);
            for (Found found : seen.found()) {
                Entry entry = found.entry();
                if (entry != null) {
                    names.computeIfAbsent(
                            entry.kind().word() + " " + Printable.brief(entry.name()),
                            _ -> new Shown(seen.left())).add(found.number(), entry);
                }
            }
        } catch (MeetingException failure) { // another file with such a name
            Log.debug("a folder in the directory of names cannot be read", failure);
        }
    }

    /// The members of one name by their roles, for people.
    private static final class Shown {

        private final Map<String, Integer> roles = new TreeMap<>();
        private final int left; // not looked at
        private int all;
        private int own; // of this process

        Shown(int left) {
            this.left = left;
        }

        void add(long number, Entry entry) {
            int _ = roles.merge(Printable.brief(entry.shownRole()), 1, Integer::sum);
            all++;
            own += OwnEntry.isHere(number) ? 1 : 0;
        }

        @Override
        public String toString() {
            String counts = roles.entrySet().stream()
                    .map(role -> "%s=%d".formatted(role.getKey(), role.getValue()))
                    .collect(Collectors.joining(", "));
            return " (" + counts + (left == 0 ? "" : " and %d more".formatted(left)) + whose()
                    + ")";
        }

        private String whose() {
            return own == 0 ? ""
                    : own < all ? ", %d of them this process's".formatted(own)
                            : all == 1 ? ", this process" : ", all of this process";
        }
    }
}
