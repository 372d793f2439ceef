package dev.ipcchannel.child;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The library's own door to what this package keeps to itself, for sets of workers. Not for users:
/// what it takes and gives is of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class ChildAccess {

    private ChildAccess() {}

    /// Refuses a plan that would start its own program again and again.
    public static void checkEnds(ChildJvm plan) {
        plan.checkEnds();
    }

    /// The same plan, of a JVM without a pipe to its standard input.
    public static ChildJvm noInput(ChildJvm plan) {
        return plan.noInput();
    }

    /// Starts a worker and waits until it has connected; see [ChildJvm#start(TypeToken,
    /// TypeToken)].
    ///
    /// @param jobs how many it is to do at once
    /// @param isAwaited whether there is something for it to do: then an exit of this JVM leaves it
    /// to its start
    public static <O, I> ChildLink<O, I> start(ChildJvm plan, TypeToken<O> out, TypeToken<I> in,
            int jobs, BooleanSupplier isAwaited) throws InterruptedException {
        return plan.start(out, in, jobs, isAwaited);
    }

    /// How long such a start may take.
    public static Duration startTimeout(ChildJvm plan) {
        return plan.startTimeout();
    }

    /// Whether children are asked to end, since this JVM goes down.
    public static boolean isEnding() {
        return LiveChildren.isEnding();
    }

    /// How long such a child has to end by itself.
    public static Duration grace(ChildProcess child) {
        return child.grace();
    }

    /// What it runs, for messages.
    public static String programName(ChildProcess child) {
        return child.programName();
    }

    /// The same with its arguments.
    public static String commandLine(ChildProcess child) {
        return child.commandLine();
    }

    /// The connection on which it says that it goes away; null where its transport has none.
    public static @Nullable Lifeline lifeline(ChildProcess child) {
        return child.lifeline();
    }

    /// What an error has left in doubt about its JVM, as its own last word; null if it has said
    /// nothing.
    public static @Nullable String failure(ChildProcess child) throws InterruptedException {
        return child.failure();
    }

    /// When this JVM exits in order, it is left to other hooks if `hasWork` says so.
    public static void leaveToHooksWhile(ChildProcess child, BooleanSupplier hasWork) {
        child.leaveToHooksWhile(hasWork);
    }

    /// Waits a moment for the end of a process that is known to be ending.
    ///
    /// @return whether it has ended
    public static boolean awaitItsEnd(ChildProcess child) throws InterruptedException {
        return child.awaitItsEnd();
    }

    /// Ends it with all that it has started, asked in another way than by a signal.
    public static void stop(ChildProcess child, Duration grace, Runnable ask) {
        child.stop(grace, ask);
    }

    /// In a child: the transport of the library's that its parent has chosen.
    public static Transport transport() {
        return Parent.transport();
    }

    /// In a child: how many jobs its parent gives at once.
    public static int jobs() {
        return Parent.jobs();
    }
}
