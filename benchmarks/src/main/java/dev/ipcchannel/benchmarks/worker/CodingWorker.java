package dev.ipcchannel.benchmarks.worker;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// The main class of the process that turns messages into bytes and back, by the codec and by hand.
///
/// ```text
///   > ready
///   < codec MILLIS
///   > slice messages=… nanos=… …
///   < hand MILLIS
///   > slice …
/// ```
public final class CodingWorker {

    private static final ThreadMXBean THREADS =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Reading[] readings = Reading.all();
    private final Reading[] copies = new Reading[readings.length]; // so that they are made

    private CodingWorker() {}

    /// Obeys.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws Exception {
        Coding codec = new PlanCoding();
        Coding hand = new HandCoding();
        CodingWorker worker = new CodingWorker();
        worker.compare(codec, hand);
        System.out.println("ready");
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            Coding coding = words[0].equals("codec") ? codec : hand;
            long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1]));
            System.out.println(worker.run(coding, nanos).line());
        }
    }

    /// The two make the same bytes, or their times say nothing.
    private void compare(Coding codec, Coding hand) {
        codec.encode(readings);
        hand.encode(readings);
        if (!Arrays.equals(codec.bytes(), hand.bytes())) {
            throw new IllegalStateException("codec and hand-written code differ in their bytes");
        }
    }

    /// The checks are not in the time: they would take most of it.
    private Slice run(Coding coding, long length) {
        long messages = 0;
        long nanos = 0;
        long allocated = 0;
        while (nanos < length) {
            Arrays.fill(copies, null);
            long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            coding.encode(readings);
            coding.decode(copies);
            nanos += System.nanoTime() - start;
            allocated += THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
            messages += copies.length;
            for (int i = 0; i < copies.length; i++) {
                copies[i].check(readings[i]);
            }
        }
        return new Slice(messages, nanos, 0, 0, allocated);
    }
}
