package dev.ipcchannel.benchmarks;

import dev.ipcchannel.benchmarks.worker.CodingWorker;
import dev.ipcchannel.benchmarks.worker.Slice;
import java.util.List;

/// A contender that shares its only process with others.
final class OneJvm implements Contender {

    private static final Slice NONE = new Slice(0, 1, 0, 0, 0);

    private final ChildProcess process;
    private final String name;
    private final String word;

    /// @param name a few words for the table
    /// @param word that [CodingWorker] knows it by
    OneJvm(ChildProcess process, String name, String word) {
        this.process = process;
        this.name = name;
        this.word = word;
    }

    /// Starts the process for contenders that code.
    static ChildProcess startCoding(Machine machine) throws InterruptedException {
        return ChildProcess.start(machine.pinned(Role.LEAD,
                machine.measuredJvm(List.of(), CodingWorker.class, List.of()))).ready();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Sample slice(Shape shape, long millis) throws InterruptedException {
        process.write(word + " " + millis);
        return new Sample(Slice.parse(process.expect("")), NONE);
    }

    /// Ends the process, and with it the other contenders in it.
    @Override
    public void close() {
        process.close();
    }
}
