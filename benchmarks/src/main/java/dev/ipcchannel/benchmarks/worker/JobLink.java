package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.JobMessage.Add;
import dev.ipcchannel.benchmarks.worker.JobMessage.Work;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A leader that gives jobs to children and checks each answer, one after the other or with
/// [#IN_FLIGHT] open at once. There is no follower of this kind.
final class JobLink implements Link {

    /// Jobs that a stream has open at once.
    static final int IN_FLIGHT = 256;

    private static final int PERIOD = 509; // a prime: jobs that change places are noticed

    private final Jobs jobs;
    private final JobMessage[] messages = new JobMessage[PERIOD];
    private final int[] answers = new int[PERIOD];
    @SuppressWarnings("unchecked") // an array of a generic type
    private final @Nullable CompletableFuture<Integer>[] open =
            (@Nullable CompletableFuture<Integer>[]) new CompletableFuture<?>[IN_FLIGHT];
    private long last; // sent
    private @Nullable Iterator<Integer> stream; // of answers, where jobs go as a stream
    private long given; // to the stream
    private long taken; // from it

    private JobLink(Jobs jobs) {
        this.jobs = jobs;
    }

    /// Jobs that are next to no work.
    static JobLink adding(Jobs jobs) {
        JobLink link = new JobLink(jobs);
        for (int i = 0; i < PERIOD; i++) {
            link.messages[i] = new Add(i, 2 * i);
            link.answers[i] = 3 * i;
        }
        return link.ready();
    }

    /// Jobs of some 75 microseconds.
    static JobLink working(Jobs jobs) {
        JobLink link = new JobLink(jobs);
        for (int i = 0; i < PERIOD; i++) {
            Work work = new Work(JobMessage.LONG, i);
            link.messages[i] = work;
            link.answers[i] = work.result();
        }
        return link.ready();
    }

    private JobLink ready() {
        stream = jobs.map(() -> messages[index(given++)]);
        return this;
    }

    @Override
    public void restart() {
        // Nothing is open between slices.
    }

    /// What comes before the first look at the clock opens them all: so what counts is answered
    /// jobs.
    @Override
    public int batch() {
        return IN_FLIGHT;
    }

    @Override
    public void exchange(long sequence) throws InterruptedException {
        check(jobs.call(messages[index(sequence)]), sequence);
    }

    @Override
    public void send(long sequence) throws InterruptedException {
        if (stream != null) {
            check(stream.next(), taken++);
            return;
        }
        int slot = (int) (sequence % IN_FLIGHT);
        await(slot, sequence - IN_FLIGHT);
        open[slot] = jobs.send(messages[index(sequence)]);
        last = sequence;
    }

    private void await(int slot, long sequence) {
        CompletableFuture<Integer> job = open[slot];
        if (job != null) {
            check(job.join(), sequence);
            open[slot] = null;
        }
    }

    /// Takes the answers that are missing.
    @Override
    public void stop() {
        for (long sequence = Math.max(0, last - IN_FLIGHT + 1); sequence <= last; sequence++) {
            await((int) (sequence % IN_FLIGHT), sequence);
        }
    }

    private void check(int answer, long sequence) {
        int expected = answers[index(sequence)];
        if (answer != expected) {
            throw new IllegalStateException("a job has the wrong answer: answer=%d, expected=%d"
                    .formatted(answer, expected));
        }
    }

    private static int index(long sequence) {
        return (int) (sequence % PERIOD);
    }

    @Override
    public String address() {
        throw onlyLeads();
    }

    @Override
    public void open() {
        throw onlyLeads();
    }

    @Override
    public void answer() {
        throw onlyLeads();
    }

    @Override
    public int drain() {
        throw onlyLeads();
    }

    @Override
    public boolean isStopped() {
        throw onlyLeads();
    }

    private static IllegalStateException onlyLeads() {
        return new IllegalStateException("its children are started by the leader itself");
    }

    @Override
    public void close() throws IOException {
        jobs.close();
    }
}
