package dev.ipcchannel.benchmarks.worker;

import dev.ipcchannel.benchmarks.worker.JobMessage.Work;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The main class of a process that does jobs of [Work] in a loop, without a host: the rate that a
/// set would have if a job's way to its worker and back cost nothing.
///
/// ```text
///   > ready
///   < work MILLIS
///   > slice messages=… nanos=… …
///   > usage jobs=… nanos=… …
/// ```
public final class BareWorker {

    private static final int PERIOD = 509; // other seeds than in any loop that could be unrolled
    private static final List<Long> ITSELF = List.of(ProcessHandle.current().pid());

    private final int[] answers = new int[PERIOD];
    private long done;

    private BareWorker() {
        for (int seed = 0; seed < PERIOD; seed++) {
            answers[seed] = new Work(JobMessage.LONG, seed).result();
        }
    }

    /// Works when it is asked to.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws IOException {
        BareWorker worker = new BareWorker();
        System.out.println("ready");
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(line.split(" ", -1)[1]));
            Meter meter = Meter.start(ITSELF);
            Slice slice = worker.work(nanos);
            System.out.println(slice.line());
            System.out.println(meter.stop(slice.messages(), 0).line());
        }
    }

    private Slice work(long length) {
        long before = done;
        long start = System.nanoTime();
        long now;
        do {
            step();
            now = System.nanoTime();
        } while (now - start < length);
        return new Slice(done - before, now - start, 0, 0, 0);
    }

    private void step() {
        int seed = (int) (done++ % PERIOD);
        int answer = new Work(JobMessage.LONG, seed).result();
        if (answer != answers[seed]) {
            throw new IllegalStateException("work has the wrong result: result=%d, expected=%d"
                    .formatted(answer, answers[seed]));
        }
    }
}
