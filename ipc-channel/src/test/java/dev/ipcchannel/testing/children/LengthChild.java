package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.JobFunction;
import dev.ipcchannel.worker.Worker;

/// A worker that answers with the length of its jobs.
public final class LengthChild {

    private LengthChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        JobFunction<byte[], Integer> length = bytes -> bytes.length;
        Worker.serve(byte[].class, Integer.class, length);
    }
}
