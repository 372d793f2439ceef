package dev.ipcchannel.zipc;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.Errno;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.NamedMemory;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedFileException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Shortage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The file of a queue, known by its name to both sides.
///
/// @param name as users give it, with its slash
record QueueFile(String name) {

    private static final Path FOLDER = Path.of("/dev/shm");
    private static final int MAX_LENGTH = 39; // the C API has room for 40, with a zero

    QueueFile {
        Argument.given(name, "name");
        String broken = brokenRule(name);
        if (broken != null) {
            throw new IllegalArgumentException("the name of a zipc queue %s: name=%s%s"
                    .formatted(broken, Printable.quoted(name), remedy(name)));
        }
    }

    private static @Nullable String brokenRule(String name) {
        if (!name.startsWith("/") || name.length() == 1 || name.indexOf('/', 1) > 0) {
            return "is a slash and 1 to %d bytes without another one".formatted(MAX_LENGTH - 1);
        }
        if (name.equals("/.") || name.equals("/..")) {
            return "is that of a file, which . and .. are not";
        }
        if (name.indexOf('\0') > 0) {
            return "has no zero in it, which would end it";
        }
        if (!FileNames.canHold(name)) {
            return "has only letters that the locale of this process has";
        }
        int length = FileNames.bytes(name).length;
        return length <= MAX_LENGTH ? null
                : "has %d bytes at most with its slash: bytes=%d".formatted(MAX_LENGTH, length);
    }

    /// The remedy for letters that the locale lacks. (The C header takes them, since its names are
    /// bytes.)
    private static String remedy(String name) {
        return FileNames.canHold(name) ? ""
                : ", charset=%s: start java with LC_ALL=C.UTF-8, or take a name of ASCII letters"
                        .formatted(FileNames.CHARSET);
    }

    Path path() {
        return FOLDER.resolve(name.substring(1));
    }

    /// Maps the file. The first side makes it.
    NamedMemory map(QueueLayout layout) {
        try {
            return NamedMemory.open(path(), layout.length());
        } catch (RefusedFileException refusal) {
            throw refused(layout, refusal.getMessage(), refusal.remedy());
        } catch (RefusedMemoryException refusal) {
            throw refused(layout, refusal.getMessage(), "unlink it, or take another name");
        } catch (PosixException failure) {
            if (isLackOfRoom(failure)) {
                throw new ResourceExhausted("zipc queue %s cannot be opened: %s take %d bytes: "
                        .formatted(shown(), layout.sizes(), layout.length())
                        + Shortage.of(failure, FOLDER) + ", or open the queue with smaller sizes",
                        failure);
            }
            throw failed("opened", failure);
        }
    }

    private HandshakeFailed refused(QueueLayout layout, @Nullable String reason, String remedy) {
        return new HandshakeFailed(
                "the file of zipc queue %s is not used, for %s: path=%s, queue=%s, dialect=%s: %s"
                        .formatted(shown(), reason, Printable.path(path()), layout.sizes(),
                                layout.dialect(), remedy));
    }

    private static boolean isLackOfRoom(PosixException failure) {
        return switch (failure.errno()) {
            case Errno.ENOMEM, Errno.ENOSPC, Errno.EFBIG, Errno.EDQUOT -> true;
            default -> false;
        };
    }

    void unlink() {
        try {
            FileCalls.remove(path());
        } catch (PosixException failure) {
            throw failed("unlinked", failure);
        }
    }

    private IpcException failed(String what, PosixException failure) {
        String sentence = "zipc queue %s cannot be %s: ".formatted(shown(), what);
        if (failure.isExhaustion()) {
            return new ResourceExhausted(sentence + Shortage.of(failure, FOLDER), failure);
        }
        if (failure.isAbsence() && !Files.isDirectory(FOLDER)) {
            return new SystemCallFailed(
                    sentence + "there is no directory %s: have a tmpfs mounted there"
                            .formatted(FOLDER),
                    failure);
        }
        if (failure.errno() == Errno.EISDIR) {
            return new SystemCallFailed(sentence + "%s is a directory: remove that directory"
                    .formatted(Printable.path(path())), failure);
        }
        return new SystemCallFailed(sentence + failure.getMessage() // all that the cause says
                + ": remove what keeps it from that, or take another name");
    }

    /// The name, for people.
    String shown() {
        return Printable.brief(name);
    }
}
