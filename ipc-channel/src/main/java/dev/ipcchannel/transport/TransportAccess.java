package dev.ipcchannel.transport;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The library's own door to what this package keeps to itself, for those that start processes. Not
/// for users: what it takes and gives is of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class TransportAccess {

    private TransportAccess() {}

    /// The library's own transport of that name; null if none of them has it.
    public static @Nullable Transport own(String name) {
        for (Transport transport : List.of(Transport.shm(), Transport.unix())) {
            if (transport.name().equals(name)) {
                return transport;
            }
        }
        return null;
    }

    /// Whether it is one of the library's: its address is a path that is of no use to other users,
    /// and gone with the connection. What others' addresses are is not known.
    public static boolean isOwn(Transport transport) {
        return transport instanceof ShmTransport || transport instanceof UnixTransport;
    }

    /// What a child has to know of it beside the address; null if nothing.
    public static @Nullable String mark(Transport transport) {
        return transport instanceof ShmTransport shm && !shm.hasDefaults() ? shm.mark() : null;
    }

    /// A child of which its starter can tell more than a process says.
    ///
    /// @param commandLine what it runs, in one line, printable
    /// @param reports what is known of it now; with `true`, it may wait a moment for the last words
    /// of one that has just ended
    /// @param errorLines the last lines of its error output, of which the same is true
    /// @param end completes with it
    public static AwaitedChild awaited(Process process, String commandLine,
            Function<Boolean, ChildReport> reports, Function<Boolean, List<String>> errorLines,
            CompletableFuture<Process> end) {
        return new AwaitedChild(process, commandLine, reports, errorLines, end);
    }

    /// The lifeline that a child has come with; null if it has none, or has not come.
    public static @Nullable Lifeline lifeline(AwaitedChild child) {
        return child.lifeline();
    }

    /// Why the last process that has connected was not taken for the child; null if none was turned
    /// away.
    public static @Nullable String turnedAway(AwaitedChild child) {
        return child.lastTurnedAway();
    }

    /// The same exception as one about a child, by its name, where it can be understood.
    ///
    /// @param out the type of what the parent sends
    /// @param in the type of what it receives
    public static TypeMismatch ofChild(TypeMismatch mismatch, TypeToken<?> out, TypeToken<?> in,
            String child) {
        return LinkTypes.of(out, in).of(mismatch, child);
    }

    /// What a child calls for a conversation of such types.
    public static String childCall(TypeToken<?> out, TypeToken<?> in) {
        return LinkTypes.of(out, in).childCall();
    }

    /// Whether that conversation is one of plain messages, not of questions or jobs.
    public static boolean isOfMessages(TypeToken<?> out, TypeToken<?> in) {
        return LinkTypes.of(out, in).isOfMessages();
    }

    /// A directory of its own for a socket, which shows that this process is there.
    public static ServerDirectory directory() {
        return SocketFailures.directory();
    }
}
