package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Findings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A process of the storm, with threads that send, receive, serve, ask and signal, and one that
/// disturbs the senders. A poor process neither sends nor serves, and lacks descriptors.
/// [RoundChild] explains its arguments.
public final class MemberChild {

    private static final int SENDING = 2;
    private static final int TAKING = 3;
    private static final int ASKING = 2;
    // Three processes of a round are not poor: since there are more listeners than names, two share
    // one name.
    private static final int SIGNALLING = 2;
    private static final int MOST_NANOS_TO_DISTURBANCE = 20_000_000;
    private static final int CLOSES = 4; // one in so many disturbances

    private MemberChild() {}

    /// Runs the process.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        RoundChild.run(arguments, MemberChild::run);
    }

    private static void run(Book book, int process, SplittableRandom random, Findings findings)
            throws InterruptedException {
        Lines senders = new Lines(process);
        Lines receivers = new Lines(process);
        List<SendingMember> sending = new ArrayList<>();
        List<Thread> sendingThreads = new ArrayList<>();
        List<Thread> otherThreads = new ArrayList<>();
        boolean isPoor = Names.isPoor(process);
        book.process(process).enter(Phase.OPEN);
        for (int i = 0; i < TAKING; i++) {
            otherThreads.add(Thread.ofPlatform().name("taking " + i)
                    .start(new TakingMember(book, receivers, random.split(), findings, isPoor)));
        }
        Lines callers = new Lines(process);
        for (int i = 0; i < ASKING; i++) {
            otherThreads.add(Thread.ofPlatform().name("asking " + i)
                    .start(new AskingMember(book, callers, random.split(), findings, isPoor)));
        }
        Lines listeners = new Lines(process);
        for (int i = 0; i < SIGNALLING; i++) {
            otherThreads.add(Thread.ofPlatform().name("signalling " + i)
                    .start(new SignallingMember(book, listeners, random.split(), findings,
                            isPoor)));
        }
        if (!isPoor) {
            otherThreads.add(Thread.ofPlatform().name("serving").start(new ServingMember(book,
                    new Lines(process), random.split(), findings)));
        }
        for (int i = 0; i < SENDING && !isPoor; i++) {
            SendingMember member = new SendingMember(book, senders, random.split(), findings);
            sending.add(member);
            sendingThreads.add(Thread.ofPlatform().name("sending " + i).start(member));
        }
        SplittableRandom own = random.split();
        Thread disturbing = Thread.ofPlatform().name("disturbing").start(isPoor
                ? new Hoard(book, own, findings) : () -> disturb(book, sending, own, findings));
        for (Thread thread : sendingThreads) {
            thread.join();
        }
        disturbing.join();
        book.process(process).enter(Phase.CLOSED);
        for (Thread thread : otherThreads) {
            thread.join();
        }
    }

    private static void disturb(Book book, List<SendingMember> sending, SplittableRandom random,
            Findings findings) {
        try {
            while (!book.isOver()) {
                LockSupport.parkNanos(random.nextInt(MOST_NANOS_TO_DISTURBANCE));
                sending.get(random.nextInt(sending.size())).disturb(random.nextInt(CLOSES) == 0);
            }
        } catch (RuntimeException | Error failure) {
            findings.fault("a close by another thread failed", failure);
        }
    }
}
