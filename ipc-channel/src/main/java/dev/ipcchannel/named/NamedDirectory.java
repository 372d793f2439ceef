package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.meet.NameList;
import dev.ipcchannel.internal.meet.RuntimeDirectory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// A view of the directory in which the processes of this user meet by name.
///
/// ```java
/// for (NamedMember member : NamedDirectory.list()) {
///     System.out.println(member.name() + " is open in " + member.program());
/// }
/// ```
///
/// The directory is the first of these that is set or exists: the system property `ipc.directory`,
/// the environment variable `IPC_CHANNEL_DIR`, `$XDG_RUNTIME_DIR/ipc-channel`,
/// `/run/user/<uid>/ipc-channel`, `/tmp/ipc-channel-<uid>`. Processes with different directories do
/// not meet.
public final class NamedDirectory {

    private static final Comparator<NamedMember> ORDER = Comparator.comparing(NamedMember::kind)
            .thenComparing(NamedMember::name).thenComparing(NamedMember::since)
            .thenComparingLong(NamedMember::pid);

    private NamedDirectory() {}

    /// All members of all open names, by kind, name and time. Opens nothing and waits for no other
    /// process. Removes the files of dead members, and no others.
    ///
    /// @throws dev.ipcchannel.HandshakeFailed if the directory cannot be used
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors for it have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    public static List<NamedMember> list() {
        EndAccess.checkPlatform();
        try {
            return NameList.of(RuntimeDirectory.where()).stream().map(NamedMember::of)
                    .sorted(ORDER).toList();
        } catch (RuntimeException failure) {
            throw Opening.translated(failure);
        }
    }

    /// The directory of this process. It need not exist before a name is open.
    ///
    /// @throws dev.ipcchannel.HandshakeFailed if no directory can be used
    public static Path path() {
        EndAccess.checkPlatform();
        try {
            return RuntimeDirectory.where().path();
        } catch (RuntimeException failure) {
            throw Opening.translated(failure);
        }
    }
}
