package dev.ipcchannel.examples.cluster;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.NodeUnreachable;
import dev.ipcchannel.WorkerDied;
import dev.ipcchannel.examples.cluster.OwnNodes.Node;
import dev.ipcchannel.examples.words.ProgressLine;
import dev.ipcchannel.examples.words.Tally;
import dev.ipcchannel.worker.JobResult;
import dev.ipcchannel.worker.JobService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A run of the program that asks: it has every file counted, and kills nodes on request.
///
/// The thread that calls [#run] does all of it.
final class ClusterCount {

    private static final int MAX_ATTEMPTS = 5; // in each of which two nodes may be killed
    private static final Duration TIME_LIMIT = Duration.ofMinutes(1); // for a file

    private final Collection<String> files;
    private final int kills;
    private final @Nullable OwnNodes nodes;
    private final Tally tally;
    private final NodeShares shares;
    private final ProgressLine progress;
    private final int settledBefore; // by the search for files
    private int givenAgain;
    private int killed;

    /// @param nodes those to be killed; null if there are none
    /// @param tally receives the results
    ClusterCount(Collection<String> files, CountOptions options, @Nullable OwnNodes nodes,
            Tally tally, NodeShares shares, ProgressLine progress) {
        this.files = files;
        this.kills = nodes == null ? 0 : options.kills();
        this.nodes = nodes;
        this.tally = tally;
        this.shares = shares;
        this.progress = progress;
        this.settledBefore = tally.settled();
    }

    /// The number of jobs that were given once more, as two nodes had been killed with each.
    int givenAgain() {
        return givenAgain;
    }

    int killed() {
        return killed;
    }

    /// Runs until every file is settled.
    ///
    /// @throws IpcException if a node cannot be started in the place of another
    void run(JobService<CountText, TextCount> workers) throws InterruptedException {
        List<CountText> lost = count(workers, files.stream().mapMulti(this::read));
        while (!lost.isEmpty()) {
            givenAgain += lost.size();
            lost = count(workers, lost.stream().map(CountText::again));
        }
    }

    private void read(String file, Consumer<CountText> jobs) {
        try {
            Path path = Path.of(file);
            long length = Files.size(path);
            if (length > CountText.MAX_LENGTH) {
                tally.failed(file, "it is too long for a job: length=%,d, limit=%,d bytes"
                        .formatted(length, CountText.MAX_LENGTH));
                return;
            }
            // Bytes that are not UTF-8 are not letters either: they end a word.
            jobs.accept(new CountText(file,
                    new String(Files.readAllBytes(path), StandardCharsets.UTF_8), 1));
        } catch (NoSuchFileException _) {
            tally.failed(file, "there is no such file");
        } catch (AccessDeniedException _) {
            tally.failed(file, "this user may not read it");
        } catch (IOException failure) {
            tally.failed(file, String.valueOf(failure.getMessage()));
        }
    }

    /// Has texts counted, with one result for each even if nodes die.
    ///
    /// @return the jobs that are to be given once more
    private List<CountText> count(JobService<CountText, TextCount> workers,
            Stream<CountText> jobs) throws InterruptedException {
        List<CountText> lost = new ArrayList<>();
        // A job that may be done twice is given to a second node if the first one is lost.
        workers.mapping().unordered().idempotent().timeout(TIME_LIMIT).withFailures()
                .forEach(jobs, result -> {
                    switch (result) {
                        case JobResult.Done<CountText, TextCount>(_, TextCount answer) -> {
                            tally.counted(answer.words());
                            shares.counted(answer);
                        }
                        case JobResult.Failed<CountText, TextCount>(CountText job, var reason) -> {
                            if (isToBeGivenAgain(job, reason)) {
                                lost.add(job);
                            } else {
                                tally.failed(job.file(), String.valueOf(reason.getMessage()));
                            }
                        }
                    }
                    strike();
                    progress.showSettled(tally.settled());
                });
        return lost;
    }

    private static boolean isToBeGivenAgain(CountText job, RuntimeException reason) {
        return (reason instanceof WorkerDied || reason instanceof NodeUnreachable)
                && job.attempt() < MAX_ATTEMPTS;
    }

    /// Kills the nodes that are due by now, each once all others take jobs, and starts others.
    private void strike() {
        try {
            while (nodes != null && killed < kills && isDue()) {
                nodes.awaitReady();
                Node victim = nodes.killOne();
                killed++;
                progress.say("Node %d, process %d, is killed after %d of %d files".formatted(
                        victim.number(), victim.pid(), tally.settled(),
                        files.size() + settledBefore));
                Node next = nodes.startOne();
                progress.say("Node %d, process %d, takes its place".formatted(next.number(),
                        next.pid()));
            }
        } catch (InterruptedException impossible) { // no thread interrupts this one
            throw new IllegalStateException(impossible);
        }
    }

    private boolean isDue() {
        return tally.settled() - settledBefore >= (long) files.size() * (killed + 1) / (kills + 1);
    }
}
