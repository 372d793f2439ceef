package dev.ipcchannel.worker;

import dev.ipcchannel.child.ChildJvm;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// A program that has so many jobs done by a stream, and prints the sum of the answers: in order,
/// as they come, and as a stream that was cut short. It is its own worker.
public final class LongStreamHost {

    private LongStreamHost() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (ChildJvm.isChild()) {
            Worker.serve(Integer.class, Integer.class, number -> 2 * number);
            return;
        }
        int jobs = Integer.parseInt(arguments[0]);
        try (WorkerSet<Integer, Integer> set = WorkerSet.builder(Integer.class, Integer.class)
                .worker(ChildJvm.of(LongStreamHost.class).shortLived().noClassArchive())
                .workerCount(1).start()) {
            LongAdder sum = new LongAdder();
            set.forEach(numbers().limit(jobs), sum::add);
            System.out.println("in order: " + sum.sumThenReset());
            set.mapping().unordered().forEach(numbers().limit(jobs), sum::add);
            System.out.println("as they come: " + sum.sumThenReset());
            try (Stream<Integer> answers = set.map(numbers())) {
                answers.limit(jobs).forEach(sum::add);
            }
            System.out.println("cut short: " + sum.sum());
        }
    }

    private static Stream<Integer> numbers() {
        return Stream.iterate(0, number -> number + 1);
    }
}
