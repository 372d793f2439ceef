package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.Worker;

/// A worker that has more memory from its start than it may have.
public final class LargeChild {

    private static final int MEGABYTES = 700;

    private LargeChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        WorkingChild.fill(MEGABYTES);
        Worker.serve(Work.class, String.class, WorkingChild::work);
    }
}
