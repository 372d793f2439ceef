package dev.ipcchannel.internal.meet;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.FileState;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.Shortage;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The directory in which the processes of one user meet: it belongs to this user alone, mode 0700.
///
/// It is the first of these that is set and not empty, or whose parent exists: the system property
/// `ipc.directory`, the variable `IPC_CHANNEL_DIR`, `$XDG_RUNTIME_DIR/ipc-channel`,
/// `/run/user/<uid>/ipc-channel`, `/tmp/ipc-channel-<uid>`. An unusable one is refused, and never
/// skipped: processes that look in different directories would wait for each other for ever. If
/// `$XDG_RUNTIME_DIR` is set and is not a directory, sentences about the next one say so.
///
/// @param path of the directory, absolute
/// @param source of the choice, for sentences: `ipc.directory`, for instance
public record RuntimeDirectory(Path path, String source) {

    /// The system property with its path.
    public static final String PROPERTY = "ipc.directory";

    /// The environment variable with its path.
    public static final String VARIABLE = "IPC_CHANNEL_DIR";

    /// The length of its longest path, in bytes: a socket's name follows.
    static final int MAX_LENGTH = Sockets.MAX_PATH - NameFolder.MAX_SOCKET_LENGTH;

    private static final int MAX_ATTEMPTS = 1000; // to make it, while it is removed again
    private static final String XDG = "XDG_RUNTIME_DIR";
    private static final String NAME = "ipc-channel";

    static { // loaded now: without a free descriptor they could not be loaded from a folder later
        Class<?>[] _ = {MeetingException.class, MeetingException.Kind.class};
    }

    /// The directory of this process, made if it does not exist.
    ///
    /// @throws MeetingException if it cannot be used
    public static RuntimeDirectory find() {
        return find(System.getProperty(PROPERTY), System::getenv, Path.of("/run/user"),
                Path.of("/tmp"));
    }

    /// @param property the value of the system property, if set
    /// @param users the system's folder with a directory for each user, by number
    /// @param temporary the folder in which all users may make one
    static RuntimeDirectory find(@Nullable String property,
            UnaryOperator<@Nullable String> variables,
            Path users, Path temporary) {
        return chosen(property, variables, users, temporary).made();
    }

    /// The directory of this process, which need not exist.
    ///
    /// @throws MeetingException if it cannot be used
    public static RuntimeDirectory where() {
        return chosen(System.getProperty(PROPERTY), System::getenv, Path.of("/run/user"),
                Path.of("/tmp"));
    }

    private static RuntimeDirectory chosen(@Nullable String property,
            UnaryOperator<@Nullable String> variables, Path users, Path temporary) {
        for (RuntimeDirectory candidate : candidates(property, variables, users, temporary)) {
            if (candidate.isSetByUser() || Files.isDirectory(candidate.parent())) {
                candidate.checkLength();
                return candidate;
            }
        }
        throw new MeetingException(MeetingException.Kind.NO_DIRECTORY,
                "there is no directory in which processes could meet: %s is none: set %s to one of"
                        .formatted(temporary, VARIABLE) + " this user's alone");
    }

    private static List<RuntimeDirectory> candidates(@Nullable String property,
            UnaryOperator<@Nullable String> variables, Path users, Path temporary) {
        List<RuntimeDirectory> candidates = new ArrayList<>();
        boolean isProperty = property != null && !property.isEmpty();
        String value = isProperty ? property : variables.apply(VARIABLE);
        if (value != null && !value.isEmpty()) {
            return List.of(new RuntimeDirectory(path(value), isProperty ? PROPERTY : VARIABLE));
        }
        String runtime = variables.apply(XDG);
        if (runtime != null && runtime.startsWith(File.separator)) {
            candidates.add(new RuntimeDirectory(path(runtime).resolve(NAME), XDG));
        }
        // Used only if XDG_RUNTIME_DIR is not set, or was skipped.
        String source = runtime == null || runtime.isEmpty() ? "the default"
                : "the default, since %s is no directory".formatted(XDG);
        String uid = Integer.toUnsignedString(Users.effective());
        if (Users.ownAlone(users.resolve(uid))) {
            candidates.add(new RuntimeDirectory(users.resolve(uid).resolve(NAME), source));
        }
        candidates.add(new RuntimeDirectory(temporary.resolve(ofUser()), source));
        return candidates;
    }

    private static String ofUser() {
        return NAME + "-" + Integer.toUnsignedString(Users.effective());
    }

    private static Path path(String value) {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException failure) {
            throw new MeetingException(MeetingException.Kind.NO_DIRECTORY,
                    "no path for a directory in which processes meet: path=%s: set %s to one of"
                            .formatted(Printable.quoted(value), VARIABLE) + " this user's alone");
        }
    }

    private boolean isSetByUser() {
        return source.equals(PROPERTY) || source.equals(VARIABLE);
    }

    private Path parent() {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private void checkLength() {
        int length = path.toString().getBytes(FileNames.CHARSET).length;
        if (length > MAX_LENGTH) {
            throw refusal(("its path is too long for the sockets in it: bytes=%d, at most=%d: set"
                    + " %s to a shorter path").formatted(length, MAX_LENGTH, setting()));
        }
    }

    private RuntimeDirectory made() {
        if (isOwnAlone()) { // the usual case
            return this;
        }
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            make();
            if (isThere()) { // else it was removed since
                return this;
            }
        }
        throw refused("something removes it whenever it is made: times=" + MAX_ATTEMPTS);
    }

    /// Makes it again if it was removed.
    void makeAgain() {
        RuntimeDirectory _ = made();
    }

    /// Whether it exists.
    ///
    /// @throws MeetingException if a file of that path cannot be used
    boolean isThere() {
        try {
            FileState state = FileState.at(path);
            if (state != null && !state.isOwnAlone()) {
                throw unusable(state);
            }
            return state != null;
        } catch (PosixException failure) {
            throw failed("it cannot be looked at", failure);
        }
    }

    /// The refusal of an existing file, with its own reason and remedy.
    private MeetingException unusable(FileState state) {
        if (state.isLink()) {
            return refusal("it is a link: set %s to the directory itself".formatted(setting()));
        }
        if (!state.isFolder()) {
            return refused("it is a file, and no directory");
        }
        if (!state.isOwn()) {
            return refused("it belongs to another user: uid=%s, ours=%s".formatted(
                    Integer.toUnsignedString(state.uid()),
                    Integer.toUnsignedString(Users.effective())));
        }
        String open = "others may enter it: mode=" + state.rights();
        return isSetByUser() // it may be any directory, such as /tmp or /, that others need
                ? refused(open, " (mkdir -m 700 %s)".formatted(path.resolve(ofUser())))
                : refusal("%s: chmod 700 it, or set %s to a directory of this user's alone"
                        .formatted(open, setting()));
    }

    private boolean isOwnAlone() {
        try {
            FileState state = FileState.at(path);
            return state != null && state.isOwnAlone();
        } catch (PosixException _) { // not readable for this user
            return false;
        }
    }

    private void make() {
        try {
            boolean _ = FileCalls.makeFolder(path); // an existing file is checked next
        } catch (PosixException failure) {
            throw switch (failure.errno()) {
                case Errno.EACCES ->
                        refused("it cannot be made, for want of a right to write beside it");
                case Errno.ENOENT -> Files.exists(parent())
                        ? refused("it cannot be made: its file system takes no folders")
                        : refusal("the folder in which it is to be made does not exist: make %s"
                                .formatted(parent()) + " first");
                default -> failed("it cannot be made", failure);
            };
        }
    }

    /// The refusal of this directory.
    MeetingException refused(String reason) {
        return refused(reason, "");
    }

    /// The refusal of this directory because of its file system.
    ///
    /// @param what the file system lacks
    MeetingException refused(String what, PosixException failure) {
        return refused("its file system has no %s: %s".formatted(what, failure.getMessage()),
                " in a file system that has, such as /dev/shm");
    }

    private MeetingException refused(String reason, String where) {
        return refusal("%s: set %s to a directory of this user's alone%s".formatted(reason,
                setting(), where));
    }

    private MeetingException refusal(String reasonAndRemedy) {
        return new MeetingException(MeetingException.Kind.NO_DIRECTORY,
                "processes cannot meet in %s (%s): %s".formatted(path, source, reasonAndRemedy));
    }

    /// The name of the setting for another directory: the property overrides the variable.
    private String setting() {
        return source.equals(PROPERTY) ? PROPERTY : VARIABLE;
    }

    /// The failure of a call in this directory.
    ///
    /// @param what failed, as a clause
    MeetingException failed(String what, PosixException failure) {
        String value = what + ": " + failure.getMessage();
        if (!failure.isExhaustion()) {
            MeetingException refusal = refused(value);
            Throwable _ = refusal.initCause(failure);
            return refusal;
        }
        boolean isElsewhere = failure.errno() == Errno.ENOSPC || failure.errno() == Errno.EDQUOT;
        return new MeetingException(MeetingException.Kind.EXHAUSTED,
                "processes cannot meet in %s (%s): %s: %s%s".formatted(path, source, value,
                        Shortage.of(failure, path),
                        isElsewhere ? ", or set %s to a directory elsewhere".formatted(setting())
                                : ""));
    }
}
