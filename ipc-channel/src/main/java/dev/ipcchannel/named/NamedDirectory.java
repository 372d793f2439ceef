package dev.ipcchannel.named;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.internal.meet.NameList;
import dev.ipcchannel.internal.meet.RuntimeDirectory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// The directory in which the processes of this user meet by name, as it is now.
///
/// ```java
/// for (NamedMember member : NamedDirectory.list()) {
///     System.out.println(member.name() + " is open in " + member.program());
/// }
/// ```
///
/// It is the first of these that is said or there: the system property `ipc.directory`, the
/// environment variable `IPC_CHANNEL_DIR`, `$XDG_RUNTIME_DIR/ipc-channel`,
/// `/run/user/<uid>/ipc-channel`, `/tmp/ipc-channel-<uid>`. Processes that look in different ones
/// do not meet.
public final class NamedDirectory {

    private static final Comparator<NamedMember> ORDER = Comparator.comparing(NamedMember::kind)
            .thenComparing(NamedMember::name).thenComparing(NamedMember::since)
            .thenComparingLong(NamedMember::pid);

    private NamedDirectory() {}

    /// All members of all names that are open now, by kind, name and time. Opens nothing, waits for
    /// no other process, and removes what dead ones have left, and no other file.
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

    /// Where this process looks. The directory need not be there before a name is open.
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
