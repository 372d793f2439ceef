package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A process of the storm of broadcasts: threads that send and threads that receive. [RoundChild]
/// explains its arguments.
public final class BroadcastChild {

    private static final int SENDING = 2;
    private static final int TAKING = 3;

    private BroadcastChild() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        RoundChild.run(arguments, BroadcastChild::run);
    }

    private static void run(Book book, int process, SplittableRandom random, Findings findings)
            throws InterruptedException {
        Lines senders = new Lines(process);
        Lines receivers = new Lines(process);
        List<Thread> sending = new ArrayList<>();
        List<Thread> taking = new ArrayList<>();
        book.process(process).enter(Phase.OPEN);
        for (int i = 0; i < TAKING; i++) {
            taking.add(Thread.ofPlatform().name("taking " + i)
                    .start(new BroadcastTaker(book, receivers, random.split(), findings)));
        }
        for (int i = 0; i < SENDING; i++) {
            sending.add(Thread.ofPlatform().name("sending " + i)
                    .start(new BroadcastSender(book, senders, random.split(), findings)));
        }
        for (Thread thread : sending) {
            thread.join();
        }
        book.process(process).enter(Phase.CLOSED);
        for (Thread thread : taking) {
            thread.join();
        }
    }
}
