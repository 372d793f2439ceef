package dev.ipcchannel.examples.words;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.JobResult;
import dev.ipcchannel.worker.TimeoutAction;
import dev.ipcchannel.worker.WorkerSet;
import dev.ipcchannel.worker.WorkerSetBuilder;
import dev.ipcchannel.worker.WorkerSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A run of the program: it has every file counted, and kills workers on request.
///
/// The thread that calls [#run] does all of it.
final class WordCount {

    private static final int MAX_ATTEMPTS = 5; // in each of which two workers may die
    private static final int USUAL_RESTARTS = 20;
    private static final Duration TIME_LIMIT = Duration.ofMinutes(1); // for a file
    private static final long HEAP = 256 << 20;
    private static final int HEAP_FACTOR = 4; // times the memory with which one is replaced
    private static final int FILES_TO_FILL = 256; // that memory, by their leaks

    private final List<CountWords> files;
    private final int workers;
    private final long memory; // with which a worker is replaced, or 0
    private final int found; // files
    private final Tally tally;
    private final ProgressLine progress;
    private final Killer killer;
    private final Crew crew = new Crew();
    private final int settledBefore; // by the search for files
    private int givenAgain;
    private int planned; // replacements

    /// @param tally receives the results
    WordCount(Collection<String> files, WordsOptions options, Tally tally,
            ProgressLine progress) {
        this.files = files.stream().map(file -> new CountWords(file, 1)).toList();
        this.workers = options.workers();
        this.memory = options.memory();
        this.settledBefore = tally.settled();
        this.found = files.size() + settledBefore;
        this.tally = tally;
        this.progress = progress;
        this.killer = new Killer(options.kills(), files.size());
    }

    /// The result of a run, besides the words.
    ///
    /// @param retried the number of jobs given to another worker because the first one had died
    /// @param killed the number of workers killed by this program
    /// @param dead the number of workers that died of any cause
    /// @param replaced the number of workers started to replace those
    /// @param planned the number of workers replaced for their memory
    record Course(long retried, int killed, int dead, int replaced, int planned) {}

    /// Runs until every file is settled, and all workers that died are replaced.
    ///
    /// @throws IpcException if no worker can be started
    Course run() throws InterruptedException {
        try (WorkerSet<CountWords, FileCount> set = start()) {
            strike(set);
            for (List<CountWords> jobs = files; !jobs.isEmpty();) {
                jobs = count(set, jobs);
            }
            while (!crew.hasGivenUp() && !isCrewWhole()) {
                crew.awaitEvent();
                strike(set);
                showPlanned();
            }
            return new Course(set.stats().retried() + givenAgain, killer.killed(), crew.dead(),
                    Math.clamp(crew.ready() - workers - planned, 0, crew.dead()), planned);
        }
    }

    private WorkerSet<CountWords, FileCount> start() throws InterruptedException {
        ChildJvm worker = ChildJvm.of(WordWorker.class).heap(HEAP).shortLived();
        WorkerSetBuilder<CountWords, FileCount> set =
                WorkerSet.builder(CountWords.class, FileCount.class).worker(worker);
        if (memory > 0) {
            // A small heap at the start: it grows by what leaks, and not by garbage.
            set.maxMemory(memory).worker(worker.heap(HEAP_FACTOR * memory)
                    .jvmOptions("-Xms8m").arguments(Long.toString(memory / FILES_TO_FILL)));
        }
        return set.workerCount(workers)
                .jobTimeout(TIME_LIMIT, TimeoutAction.RESTART)
                .restartLimit(USUAL_RESTARTS + killer.planned(), TIME_LIMIT)
                .listener(crew)
                .start();
    }

    /// Has files counted, with one result for each even if workers die.
    ///
    /// @return the jobs that are to be given to the set again
    private List<CountWords> count(WorkerSet<CountWords, FileCount> set, List<CountWords> jobs)
            throws InterruptedException {
        List<CountWords> lost = new ArrayList<>();
        // A job that may be done twice is given to a second worker if the first one dies.
        set.mapping().unordered().idempotent().withFailures().forEach(jobs.stream(), result -> {
            switch (result) {
                case JobResult.Done<CountWords, FileCount>(CountWords job, FileCount answer) ->
                        settle(job, answer);
                case JobResult.Failed<CountWords, FileCount>(CountWords job, var reason) -> {
                    if (isToBeGivenAgain(job, reason)) {
                        lost.add(job.again());
                    } else {
                        tally.failed(job.file(), String.valueOf(reason.getMessage()));
                    }
                }
            }
            strike(set);
            showPlanned();
            progress.showSettled(tally.settled());
        });
        givenAgain += lost.size();
        return lost;
    }

    private void settle(CountWords job, FileCount answer) {
        switch (answer) {
            case FileCount.Counted(var words) -> tally.counted(words);
            case FileCount.Unreadable(String reason) -> tally.failed(job.file(), reason);
        }
    }

    /// Whether to retry a job with which two workers have died. That is chance while this program
    /// kills workers; otherwise the file is the cause.
    private boolean isToBeGivenAgain(CountWords job, RuntimeException reason) {
        return reason instanceof WorkerDied && job.attempt() < MAX_ATTEMPTS && !crew.hasGivenUp();
    }

    private void strike(WorkerSet<CountWords, FileCount> set) {
        for (WorkerSnapshot worker : killer.strike(tally.settled() - settledBefore,
                set.workers())) {
            progress.say("Worker %d, process %d, is killed after %d of %d files".formatted(
                    worker.number(), worker.pid(), tally.settled(), found));
        }
    }

    private void showPlanned() {
        for (WorkerSnapshot worker = crew.nextPlanned(); worker != null;
                worker = crew.nextPlanned()) {
            planned++;
            progress.say("Worker %d, process %d, was replaced by plan after %d of %d files"
                    .formatted(worker.number(), worker.pid(), tally.settled(), found));
        }
    }

    private boolean isCrewWhole() {
        return killer.isDone() && crew.dead() >= killer.killed()
                && (crew.dead() == 0 || crew.ready() >= workers + crew.dead() + planned);
    }
}
