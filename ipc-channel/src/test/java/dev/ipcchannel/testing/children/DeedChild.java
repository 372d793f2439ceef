package dev.ipcchannel.testing.children;

import dev.ipcchannel.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A worker that first counts each job in the file of its argument, and then works on it.
public final class DeedChild {

    private DeedChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Deeds deeds = Deeds.open(Path.of(arguments[0]));
        Worker.serve(Deed.class, Integer.class, deed -> {
            deeds.begin(deed.number());
            long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(deed.micros());
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            return deed.number();
        });
    }
}
