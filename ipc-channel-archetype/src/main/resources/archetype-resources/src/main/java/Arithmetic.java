package ${package};

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.*;
import java.util.stream.Stream;

class Arithmetic {

    sealed interface Job permits Add, Sub {}
    record Add(int a, int b) implements Job {}
    record Sub(int a, int b) implements Job {}

    public static void main(String[] args) throws InterruptedException {
        if (ChildJvm.isChild()) {
            Worker.serve(Job.class, Integer.class, job -> switch (job) {
                case Add(int a, int b) -> a + b;
                case Sub(int a, int b) -> a - b;
            });
            return;
        }
        try (var workers = WorkerSet.builder(Job.class, Integer.class)
                .worker(Arithmetic.class).workerCount(4).start()) {
            System.out.println("Result -> " + workers.call(new Add(6, 7)));
            workers.map(Stream.of(new Add(1, 2), new Sub(5, 3))).forEach(System.out::println);
        }
    }
}
