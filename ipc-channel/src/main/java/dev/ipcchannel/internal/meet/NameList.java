package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.meet.NameLock.Found;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The names that are open in the directory, for people. It opens none, and removes what dead members
/// of a name have left unless that name is locked at the moment.
public final class NameList {

    private static final int MAX_SHOWN = 8;

    private NameList() {}

    /// A member that lives.
    ///
    /// @param entry what it says of itself
    /// @param since when it was registered
    public record Listed(Entry entry, FileTime since) {

        /// One whose entry is gone: no time is known.
        static Listed unknown(Entry entry) {
            return new Listed(entry, FileTime.fromMillis(0));
        }
    }

    /// All members that live, of all names. What dead ones have left is removed.
    ///
    /// @throws MeetingException if the directory cannot be used
    public static List<Listed> of(RuntimeDirectory directory) {
        List<Listed> listed = new ArrayList<>();
        for (Path folder : folders(directory)) {
            for (NameKind kind : NameKind.values()) {
                if (String.valueOf(folder.getFileName()).startsWith(kind.word() + "-")) {
                    add(NameFolder.found(directory, kind, folder), listed);
                }
            }
        }
        return listed;
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

    private static void add(NameFolder folder, List<Listed> listed) {
        try {
            for (Found found : folder.members()) {
                Entry entry = found.entry();
                if (entry != null) {
                    listed.add(new Listed(entry, found.since()));
                }
            }
        } catch (MeetingException failure) { // something else that is called so
            Log.debug("a folder in the directory of names cannot be read", failure);
        }
    }

    /// Where a process looks for others, and what is there, as the end of a sentence.
    static String whereabouts(RuntimeDirectory directory) {
        return "looked in %s (%s), where %s: processes that are to meet have to look in the same one: set"
                .formatted(directory.path(), directory.source(), names(directory))
                + " " + RuntimeDirectory.VARIABLE + " to it in each";
    }

    private static String names(RuntimeDirectory directory) {
        try {
            Map<String, Map<String, Integer>> names = new TreeMap<>();
            for (Listed each : of(directory)) {
                Entry entry = each.entry();
                int _ = names.computeIfAbsent(entry.kind().word() + " "
                        + Printable.brief(entry.name()), _ -> new TreeMap<>())
                        .merge(entry.shownRole(), 1, Integer::sum);
            }
            String shown = names.entrySet().stream().limit(MAX_SHOWN)
                    .map(name -> name.getKey() + roles(name.getValue()))
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? "no name is open" : "these names are open: " + shown
                    + (names.size() > MAX_SHOWN ? " and %d more".formatted(names.size() - MAX_SHOWN)
                            : "");
        } catch (MeetingException failure) {
            return "nothing can be read";
        }
    }

    private static String roles(Map<String, Integer> roles) {
        return roles.entrySet().stream().map(role -> "%s=%d".formatted(
                Printable.brief(role.getKey()), role.getValue()))
                .collect(Collectors.joining(", ", " (", ")"));
    }
}
