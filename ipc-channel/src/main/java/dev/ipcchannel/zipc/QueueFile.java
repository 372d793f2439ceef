package dev.ipcchannel.zipc;

import dev.ipcchannel.HandshakeFailed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SystemCallFailed;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.FileCalls;
import dev.ipcchannel.internal.posix.FileNames;
import dev.ipcchannel.internal.posix.NamedMemory;
import dev.ipcchannel.internal.posix.PosixException;
import dev.ipcchannel.internal.posix.RefusedFileException;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.Shortage;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file in which a queue lies, by the name that both sides know.
///
/// @param name as users have it, with its slash
record QueueFile(String name) {

    private static final Path FOLDER = Path.of("/dev/shm");
    private static final int MAX_LENGTH = 39; // a context of the C API has room for 40, with a zero

    QueueFile {
        Argument.given(name, "name");
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "the name of a zipc queue is a slash and 1 to %d bytes without another one: name=%s"
                            .formatted(MAX_LENGTH - 1, Printable.quoted(name)));
        }
    }

    private static boolean isName(String name) {
        String file = name.isEmpty() ? "" : name.substring(1);
        return name.startsWith("/") && !file.isEmpty() && !file.equals(".") && !file.equals("..")
                && file.indexOf('/') < 0 && file.indexOf('\0') < 0 && FileNames.canHold(name)
                && FileNames.bytes(name).length <= MAX_LENGTH;
    }

    Path path() {
        return FOLDER.resolve(name.substring(1));
    }

    /// Maps it; the first side that comes makes it.
    NamedMemory map(long length) {
        try {
            return NamedMemory.open(path(), length);
        } catch (RefusedFileException | RefusedMemoryException refusal) {
            throw new HandshakeFailed(
                    "the file of zipc queue %s is not used, for %s: path=%s: open the queue as the other"
                            .formatted(shown(), refusal.getMessage(), Printable.path(path()))
                            + " side does, or unlink it, or take another name",
                    refusal);
        } catch (PosixException failure) {
            throw failed("opened", failure);
        }
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
        return new SystemCallFailed(sentence + failure.getMessage(), failure);
    }

    private String shown() {
        return Printable.brief(name);
    }
}
