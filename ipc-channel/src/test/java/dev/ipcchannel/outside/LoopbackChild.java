package dev.ipcchannel.outside;

import dev.ipcchannel.testing.children.Work;
import dev.ipcchannel.testing.children.WorkingChild;
import dev.ipcchannel.worker.Worker;

/// A worker that is reached by a transport of its own.
final class LoopbackChild {

    private LoopbackChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Worker<Work, String> worker =
                Worker.connect(new LoopbackTransport(), Work.class, String.class)) {
            worker.serve(WorkingChild::work);
        }
    }
}
