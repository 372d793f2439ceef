package dev.ipcchannel.worker;

import dev.ipcchannel.internal.base.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The work that has to follow when the desk's lock is left: what jobs need first, then the futures
/// of those that have ended, then what the listener hears, which may take its time. Used inside
/// that lock, but for [#run].
final class AfterUnlock {

    private final List<Runnable> actions;
    private final List<HostJob<?, ?>> ended;
    private final List<Runnable> news;

    AfterUnlock() {
        this(new ArrayList<>(2), new ArrayList<>(1), new ArrayList<>(1));
    }

    private AfterUnlock(List<Runnable> actions, List<HostJob<?, ?>> ended, List<Runnable> news) {
        this.actions = actions;
        this.ended = ended;
        this.news = news;
    }

    void add(Runnable action) {
        actions.add(action);
    }

    /// The future of a job is to be completed.
    void addEnded(HostJob<?, ?> job) {
        ended.add(job);
    }

    void tell(WorkerListener listener, Consumer<WorkerListener> what) {
        news.add(() -> what.accept(listener));
    }

    boolean isEmpty() {
        return actions.isEmpty() && !hasOthersCode();
    }

    /// Whether something of the user's is to run.
    boolean hasOthersCode() {
        return !ended.isEmpty() || !news.isEmpty();
    }

    /// Hands out what there is, to be run outside of the lock.
    AfterUnlock take() {
        AfterUnlock taken =
                new AfterUnlock(List.copyOf(actions), List.copyOf(ended), List.copyOf(news));
        actions.clear();
        ended.clear();
        news.clear();
        return taken;
    }

    /// Each has its turn, whatever another one throws.
    void run(Completions completions) {
        actions.forEach(AfterUnlock::run);
        if (!ended.isEmpty()) {
            run(() -> completions.complete(ended));
        }
        news.forEach(AfterUnlock::run);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error failure) {
            Log.error("a listener of a set of workers, or what depends on a job, has thrown",
                    failure);
        }
    }
}
