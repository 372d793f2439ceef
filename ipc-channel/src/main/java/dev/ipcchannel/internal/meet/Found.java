package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.Flock;
import dev.ipcchannel.internal.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A living member, found by the file of its entry, which its process has locked.
///
/// @param id the name of that file
/// @param entry its contents; null if another version has written them
public record Found(String id, @Nullable Entry entry) {

    /// The length of a member's number, in bytes.
    static final int ID_BYTES = 8;

    private static final int HEXADECIMAL = 16;

    /// The number of the member.
    long number() {
        return number(id);
    }

    /// The number that a file's name stands for.
    static long number(String id) {
        return Long.parseUnsignedLong(id, HEXADECIMAL);
    }

    /// The name of the file of a member's entry.
    static String id(long number) {
        return HexFormat.of().toHexDigits(number);
    }

    /// Whether a file's name is a member's number. Other files are not entries.
    static boolean isId(String name) {
        return name.length() == 2 * ID_BYTES && name.chars()
                .allMatch(letter -> HexFormat.isHexDigit(letter) && !Character.isUpperCase(letter));
    }

    /// Reads an entry of this user; one of another user is not trusted.
    static @Nullable Found read(Path file, Descriptor open, FileState state) {
        if (!state.isOwn()) {
            Log.warning("an entry of another user in the directory of names is passed over",
                    "path=" + file);
            return null;
        }
        String text = state.size() > Entry.MAX_TEXT ? "" : text(open);
        Entry entry = Entry.of(text);
        if (entry == null && !Entry.isOfAnotherVersion(text)) {
            Log.warning("a file in the directory of names is locked and no entry, and is passed"
                    + " over", "path=" + file);
            return null;
        }
        String id = String.valueOf(file.getFileName());
        return new Found(id, entry == null ? null : entry.in(id));
    }

    private static String text(Descriptor open) {
        return new String(FileCalls.read(open, Entry.MAX_TEXT), StandardCharsets.UTF_8);
    }

    /// Whether an unlocked file is a dead member's: its entry, or an entry that it was writing. All
    /// other files in the folder are a user's, whatever their names.
    static boolean isLeft(String name, Descriptor open, FileState state) {
        if (!state.isOwn() || state.size() > Entry.MAX_TEXT) {
            return false;
        }
        String text = text(open);
        boolean isEntry = Entry.of(text) != null || Entry.isOfAnotherVersion(text);
        return isEntry || (name.startsWith(NameLock.HIDDEN) && Entry.isBegun(text));
    }

    /// Reads the entry of a member, living or dead; null if there is none.
    static @Nullable Found read(Path file) {
        try (Descriptor open = Flock.open(file.toString())) {
            return open == null ? null : read(file, open, FileState.of(open));
        } catch (PosixException failure) { // the entry is for people
            Log.debug("an entry of a name could not be read", failure);
            return null;
        }
    }

    /// Whether a process has an entry locked.
    static boolean isLocked(Path file) {
        try (Descriptor open = Flock.open(file.toString())) {
            return open != null && FileState.of(open).isRegular()
                    && Flock.isOwned(open, file.toString());
        } catch (PosixException failure) {
            Log.debug("an entry of a name cannot be looked at", failure);
            return failure.isExhaustion(); // then that is not known
        }
    }
}
