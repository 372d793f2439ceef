package dev.ipcchannel.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/// The findings of a storm: counts, faults, slow calls, and the parts it had to leave out.
///
/// Any thread may use it. A child process has its own findings, which it [#write]s to a file for
/// the storm to [#read].
public final class Findings {

    private static final int MOST_FAULTS_KEPT = 20;
    private static final String SEPARATOR = "\t";

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Set<String> aims = new LinkedHashSet<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final SlowCalls slowCalls = new SlowCalls();
    private long faultCount;

    /// Declares something that the storm has to hit: a count that is still 0 at the end is a fault.
    public synchronized void aim(String what) {
        aims.add(what);
        counts.putIfAbsent(what, 0L);
    }

    /// Adds 1 to the count of what was hit or done.
    public void count(String what) {
        count(what, 1);
    }

    /// Adds to the count of what was hit or done.
    public synchronized void count(String what, long times) {
        counts.merge(what, times, Long::sum);
    }

    /// The count of `what`.
    public synchronized long counted(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /// Records a broken promise, in a sentence with all that is needed to find its cause.
    public synchronized void fault(String sentence) {
        faultCount++;
        if (faults.size() < MOST_FAULTS_KEPT) {
            faults.add(sentence);
            System.err.println("FAULT: " + sentence);
        }
    }

    /// Records an exception that breaks a promise; its stack goes to standard error.
    public void fault(String sentence, Throwable failure) {
        fault(sentence + ": " + failure);
        synchronized (this) {
            failure.printStackTrace();
        }
    }

    /// The number of broken promises.
    public synchronized long faultCount() {
        return faultCount;
    }

    /// Records a part that the storm cannot run on this machine or in the short form, and why. Aims
    /// that begin with `part` need not be hit then.
    public synchronized void leftOut(String part, String why) {
        leftOut.put(part, why);
    }

    /// Runs a call and records it if it takes 250 ms longer than `allowed`.
    ///
    /// @param allowed the longest wait that the call promises
    /// @throws Exception what `call` throws
    public <T> T timed(String name, Duration allowed, Callable<T> call) throws Exception {
        long start = System.nanoTime();
        try {
            return call.call();
        } finally {
            noteCall(name, Duration.ofNanos(System.nanoTime() - start).minus(allowed));
        }
    }

    /// Records a call that the caller has timed.
    ///
    /// @param over the time by which the call exceeded its promise
    public void noteCall(String name, Duration over) {
        slowCalls.note(name, over);
    }

    /// Whether an aim of the storm has not been hit yet.
    public boolean isAimMissing() {
        return !missedAims().isEmpty();
    }

    /// Records a fault for each aim that was neither hit nor left out.
    void checkAims() {
        missedAims().forEach(aim -> fault("the storm never hit what it aims at: " + aim));
    }

    private synchronized List<String> missedAims() {
        return aims.stream().filter(aim -> counts.getOrDefault(aim, 0L) == 0
                && leftOut.keySet().stream().noneMatch(aim::startsWith)).toList();
    }

    synchronized Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    synchronized Map<String, String> leftOut() {
        return new LinkedHashMap<>(leftOut);
    }

    SlowCalls slowCalls() {
        return slowCalls;
    }

    /// Writes all findings to a file, in one step, for [#read] in another process.
    ///
    /// @throws IOException if it cannot be written
    public synchronized void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        counts.forEach((what, times) -> lines.add(line("count", times.toString(), what)));
        faults.forEach(fault -> lines.add(line("fault", "1", fault)));
        lines.add(line("faults", Long.toString(faultCount - faults.size()), "more"));
        leftOut.forEach((part, why) -> lines.add(line("left", part, why)));
        slowCalls.worst().forEach((call, over) -> lines
                .add(line("slow", Long.toString(over.toNanos()), call)));
        lines.add(line("calls", Long.toString(slowCalls.calls() - slowCalls.worst().size()), ""));
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.write(unfinished, lines);
        Files.move(unfinished, file);
    }

    private static String line(String kind, String value, String text) {
        return String.join(SEPARATOR, kind, value, text.replaceAll("[\\t\\n]", " "));
    }

    /// Adds the findings that another process has written.
    ///
    /// @throws IOException if it cannot be read
    public void read(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split(SEPARATOR, 3);
            switch (fields[0]) {
                case "count" -> count(fields[2], Long.parseLong(fields[1]));
                case "fault" -> fault(fields[2]);
                case "faults" -> addFaults(Long.parseLong(fields[1]));
                case "left" -> leftOut(fields[1], fields[2]);
                case "slow" -> noteCall(fields[2], Duration.ofNanos(Long.parseLong(fields[1])));
                default -> slowCalls.addCalls(Long.parseLong(fields[1]));
            }
        }
    }

    private synchronized void addFaults(long more) {
        faultCount += more;
    }
}
