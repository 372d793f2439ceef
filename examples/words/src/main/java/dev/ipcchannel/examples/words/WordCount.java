package dev.ipcchannel.examples.words;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/// One run: gives every file to the workers, hears what becomes of it, and kills workers if asked
/// to.
///
/// All decisions are made by the thread that calls [#run]; those of the set only bring news to it.
final class WordCount {

    private static final int JOBS_FOR_EACH = 4; // workers: one in hand, the others wait
    private static final int MAX_ATTEMPTS = 5; // in each of which two workers may die
    private static final int USUAL_RESTARTS = 20;
    private static final Duration TIME_LIMIT = Duration.ofMinutes(1); // for a file
    private static final long HEAP = 256 << 20;

    private final int workers;
    private final int found; // files
    private final Tally tally;
    private final ProgressLine progress;
    private final Killer killer;
    private final Newsroom newsroom = new Newsroom();
    private final ArrayDeque<CountWords> pending = new ArrayDeque<>();
    private int inHand; // of the set
    private int givenAgain;
    private int ready; // workers, since the beginning
    private int dead;
    private boolean hasGivenUp;

    /// @param kills how many workers to kill on the way
    /// @param tally gets what is found
    WordCount(Collection<String> files, int workers, int kills, Tally tally,
            ProgressLine progress) {
        this.workers = workers;
        this.found = files.size() + tally.settled();
        this.tally = tally;
        this.progress = progress;
        this.killer = new Killer(kills, files.size());
        files.forEach(file -> pending.add(new CountWords(file, 1)));
    }

    /// The result of a run, besides the words.
    ///
    /// @param retried how many jobs were given to another worker, as the first one had died
    /// @param killed workers, by this program
    /// @param dead workers, however
    /// @param replaced workers that were started for those
    record Course(long retried, int killed, int dead, int replaced) {}

    /// Runs until every file is settled, and all workers that died are replaced.
    ///
    /// @throws IpcException if no worker can be started
    Course run() throws InterruptedException {
        try (WorkerSet<CountWords, FileCount> set = start()) {
            int settled = tally.settled(); // by the search for files
            while (!isOver()) {
                give(set);
                killer.strike(tally.settled() - settled, set.workers()).forEach(this::sayKilled);
                hear(newsroom.next());
                progress.showSettled(tally.settled());
            }
            return new Course(set.stats().retried() + givenAgain, killer.killed(), dead,
                    Math.max(0, ready - workers));
        }
    }

    private void sayKilled(WorkerSnapshot worker) {
        progress.say("Worker %d, process %d, is killed after %d of %d files".formatted(
                worker.number(), worker.pid(), tally.settled(), found));
    }

    private WorkerSet<CountWords, FileCount> start() throws InterruptedException {
        return WorkerSet.builder(CountWords.class, FileCount.class)
                .worker(ChildJvm.of(WordWorker.class).heap(HEAP).shortLived())
                .workerCount(workers)
                .queueCapacity(workers * JOBS_FOR_EACH)
                .jobTimeout(TIME_LIMIT, TimeoutAction.RESTART)
                .restartLimit(USUAL_RESTARTS + killer.planned(), TIME_LIMIT)
                .listener(newsroom)
                .start();
    }

    private boolean isOver() {
        boolean areFilesSettled = pending.isEmpty() && inHand == 0;
        boolean isCrewWhole = dead >= killer.killed() && (dead == 0 || ready >= workers + dead);
        return areFilesSettled && (hasGivenUp || (killer.isDone() && isCrewWhole));
    }

    /// Keeps the set's queue filled, but no fuller than it may be: so nothing here waits for room.
    private void give(WorkerSet<CountWords, FileCount> set) throws InterruptedException {
        while (inHand < workers * JOBS_FOR_EACH && !pending.isEmpty()) {
            CountWords job = pending.remove();
            inHand++;
            try {
                // A job that may be done twice is given to a second worker if the first one dies.
                CompletableFuture<FileCount> answer = set.job(job).idempotent().send();
                var _ = answer
                        .whenComplete((count, failure) -> newsroom.ended(job, count, failure));
            } catch (IpcException refused) {
                newsroom.ended(job, null, refused);
            }
        }
    }

    private void hear(News news) {
        switch (news) {
            case News.Answered(CountWords job, FileCount answer) -> {
                inHand--;
                settle(job, answer);
            }
            case News.Lost(CountWords job, Throwable reason) -> {
                inHand--;
                lost(job, reason);
            }
            case News.WorkerReady _ -> ready++;
            case News.WorkerDead _ -> dead++;
            case News.GivenUp _ -> hasGivenUp = true;
        }
    }

    private void settle(CountWords job, FileCount answer) {
        switch (answer) {
            case FileCount.Counted(var words) -> tally.counted(words);
            case FileCount.Unreadable(String reason) -> tally.failed(job.file(), reason);
        }
    }

    /// Two workers have died with it in hand: bad luck, while others kill them; or the file's own
    /// fault.
    private void lost(CountWords job, Throwable reason) {
        if (reason instanceof WorkerDied && job.attempt() < MAX_ATTEMPTS && !hasGivenUp) {
            givenAgain++;
            pending.addFirst(job.again());
            return;
        }
        tally.failed(job.file(), String.valueOf(reason.getMessage()));
    }
}
