package dev.ipcchannel.child;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.process.ProcessMemory;
import dev.ipcchannel.transport.Transport;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A door to the package-private members of this package, for sets of workers. Not for users: its
/// parameters and results are of packages that the module does not export.
///
/// @hidden
@SuppressWarnings("InvalidBlockTag") // it is one of javadoc's own
public final class ChildAccess {

    private ChildAccess() {}

    /// Refuses a plan that would start its own program again and again.
    public static void checkEnds(ChildJvm plan) {
        plan.checkEnds();
    }

    /// The same plan for a worker: a JVM without a pipe to its standard input, and with a heap that
    /// leaves room for the others.
    ///
    /// @param workers how many there are to be at once
    public static ChildJvm worker(ChildJvm plan, int workers) {
        return plan.noInput().oneOf(workers);
    }

    /// Starts a worker and waits until it has connected; see [ChildJvm#start(TypeToken,
    /// TypeToken)].
    ///
    /// @param jobs how many jobs the worker does at once
    /// @param isAwaited whether jobs wait for the worker: then an exit of this JVM does not
    /// interrupt its start
    public static <O, I> ChildLink<O, I> start(ChildJvm plan, TypeToken<O> out, TypeToken<I> in,
            int jobs, BooleanSupplier isAwaited) throws InterruptedException {
        return plan.start(out, in, jobs, isAwaited);
    }

    /// The time limit of such a start.
    public static Duration startTimeout(ChildJvm plan) {
        return plan.startTimeout();
    }

    /// Whether children are being asked to end, since this JVM is shutting down.
    public static boolean isEnding() {
        return LiveChildren.isEnding();
    }

    /// The time that such a child has to end by itself.
    public static Duration grace(ChildProcess child) {
        return child.grace();
    }

    /// The child's program, for error texts.
    public static String programName(ChildProcess child) {
        return child.programName();
    }

    /// The bytes of memory that a child has alone; 0 if that is not known.
    public static long privateMemory(ChildProcess child) {
        return ProcessMemory.privateBytes(child.pid());
    }

    /// The child's program with its arguments.
    public static String commandLine(ChildProcess child) {
        return child.commandLine();
    }

    /// The connection on which the child announces that it goes away; null if its transport has
    /// none.
    public static @Nullable Lifeline lifeline(ChildProcess child) {
        return child.lifeline();
    }

    /// The child's own last message, of an error that has left its JVM in doubt; null if there is
    /// none.
    public static @Nullable String failure(ChildProcess child) {
        return child.failure();
    }

    /// Has an orderly exit of this JVM leave the child to the program's shutdown hooks while
    /// `hasWork` is true.
    public static void leaveToHooksWhile(ChildProcess child, BooleanSupplier hasWork) {
        child.leaveToHooksWhile(hasWork);
    }

    /// Waits a moment for the end of a process that is known to be ending.
    ///
    /// @return whether it has ended
    public static boolean awaitItsEnd(ChildProcess child) throws InterruptedException {
        return child.awaitItsEnd();
    }

    /// Ends the child and all that it has started. `ask` asks it to end, instead of a signal.
    public static void stop(ChildProcess child, Duration grace, Runnable ask) {
        child.stop(grace, ask);
    }

    /// In a child: the library's transport that its parent has chosen.
    public static Transport transport() {
        return ParentMarks.transport();
    }

    /// In a child: how many jobs its parent gives it at once.
    public static int jobs() {
        return ParentMarks.jobs();
    }
}
