package dev.ipcchannel.worker;

import dev.ipcchannel.ChildReport;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.internal.job.Outcome;
import dev.ipcchannel.internal.job.Task;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The process of a worker, as its set sees it: what it says, how it ends, what is left of it.
///
/// @param <Q> the type of the jobs' data
/// @param <R> the type of the answers
interface WorkerProcess<Q, R> {

    long pid();

    /// What it runs, for messages.
    String program();

    /// The same with its arguments.
    String commandLine();

    /// The bytes of memory that it has alone; 0 if that is not known. May take a moment.
    long privateMemory();

    /// By which it gets jobs.
    Caller<Task<Q>, Outcome<R>> caller();

    /// The marks of its channel of jobs; null where there is none.
    @Nullable
    Marks marks();

    /// Has it do an empty job, which loads and links once what its first real job will need.
    /// Outside of all locks; what goes wrong with it is noticed elsewhere.
    void warmUp();

    /// What it has written to its standard error so far is not the reason of a later death.
    void forgetErrorLines();

    /// Has a method run when it has exited, on a thread that must not wait for long.
    void onExit(Runnable action);

    /// Has a method run if it says that an error has left its JVM in doubt, with its words, on a
    /// thread that serves many.
    void onFailure(Consumer<String> action);

    /// When this JVM exits in order, it is left to other hooks if `hasWork` says so.
    void leaveToHooksWhile(BooleanSupplier hasWork);

    /// Its words about an error that has left its JVM in doubt; null if it has said nothing.
    @Nullable
    String failure() throws InterruptedException;

    /// Waits a moment for its end, which is known to come.
    ///
    /// @return whether it has ended
    boolean awaitItsEnd() throws InterruptedException;

    /// Asks it to end, and kills it, with all that it has started, once the time that it has for
    /// that is over.
    void stop();

    /// Kills it, with all that it has started.
    void kill();

    /// What has become of it.
    ChildReport report();

    /// The same with what its threads do, which takes up to three seconds.
    ChildReport reportWithThreads();
}
