package dev.ipcchannel.transport;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.process.Kill;
import dev.ipcchannel.internal.rendezvous.ServerDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A door to the package-private members of this package, for the rooms that start processes. Not
/// for users: its parameters and results are of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class TransportAccess {

    private TransportAccess() {}

    /// The library's own transport of that name; null if there is none.
    public static @Nullable Transport own(String name) {
        for (Transport transport : List.of(Transport.shm(), Transport.unix())) {
            if (transport.name().equals(name)) {
                return transport;
            }
        }
        return null;
    }

    /// Whether it is a transport of the library. Then its address need not be secret: it is a path
    /// that is of no use to other users, and that disappears with the connection.
    public static boolean isOwn(Transport transport) {
        return transport instanceof ShmTransport || transport instanceof UnixTransport;
    }

    /// The mark that a child needs beside the address; null if it needs none.
    public static @Nullable String mark(Transport transport) {
        return transport instanceof ShmTransport shm && !shm.hasDefaults() ? shm.mark() : null;
    }

    /// An awaited child of which the starting code knows more than the process.
    ///
    /// @param commandLine the program that it runs, in one line, printable
    /// @param reports gives the present report; with `true`, it may wait a moment for the last
    /// lines of a child that has just ended
    /// @param errorLines gives the last lines of its error output, with the same parameter
    /// @param end completes when the child has ended
    public static AwaitedChild awaited(Process process, String commandLine,
            Function<Boolean, ChildReport> reports, Function<Boolean, List<String>> errorLines,
            CompletableFuture<Process> end) {
        return new AwaitedChild(process, commandLine, reports, errorLines, end);
    }

    /// The cause of a child's end.
    ///
    /// @param kill the SIGKILL that has ended it
    /// @param failure the error that it has announced before its end, as its `toString`; null if
    /// none
    /// @param caller of `System.exit` in it, as it has announced; null if none
    public static ChildReport.Cause cause(Kill kill, OptionalInt exitCode, List<String> errorLines,
            @Nullable Path crashFile, @Nullable String failure,
            @Nullable String caller) {
        return EndAccess.cause(kill, exitCode, errorLines, crashFile, failure, caller);
    }

    /// The lifeline of a child; null if it has none, or has not connected.
    public static @Nullable Lifeline lifeline(AwaitedChild child) {
        return child.lifeline();
    }

    /// The reason why the last process that connected was turned away; null if none was.
    public static @Nullable String turnedAway(AwaitedChild child) {
        return child.lastTurnedAway();
    }

    /// The exception reworded for a child, with its name; unchanged if it cannot be interpreted.
    ///
    /// @param out the type of the messages of the parent
    /// @param in the type of the messages to the parent
    public static TypeMismatch ofChild(TypeMismatch mismatch, TypeToken<?> out, TypeToken<?> in,
            String child) {
        return LinkTypes.of(out, in).of(mismatch, child);
    }

    /// The method that a child calls for a conversation of such types.
    public static String childCall(TypeToken<?> out, TypeToken<?> in) {
        return LinkTypes.of(out, in).childCall();
    }

    /// Whether a conversation of such types is one of plain messages, not of questions or jobs.
    public static boolean isOfMessages(TypeToken<?> out, TypeToken<?> in) {
        return LinkTypes.of(out, in).isOfMessages();
    }

    /// A new directory for a socket, which shows that this process is there.
    public static ServerDirectory directory() {
        return SocketFailures.directory();
    }
}
