package dev.ipcchannel.torture.names;

import dev.ipcchannel.torture.Findings;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A thread that again and again takes all the descriptors of its process except a few, and gives
/// them back after a while: an open meanwhile lacks descriptors at one step or another.
///
/// It begins once messages are received: by then the JVM has opened all that it opens once.
final class Hoard implements Runnable {

    private static final int MOST = 1024;
    private static final int MOST_LEFT = 12;
    private static final int LONGEST_LACK = 40_000_000; // nanoseconds
    private static final int LONGEST_PLENTY = 40_000_000;
    private static final int FIRST_MESSAGES = 20;

    private final Book book;
    private final SplittableRandom random;
    private final Findings findings;

    Hoard(Book book, SplittableRandom random, Findings findings) {
        this.book = book;
        this.random = random;
        this.findings = findings;
    }

    @Override
    public void run() {
        try {
            while (!book.isOver()) {
                LockSupport.parkNanos(random.nextInt(LONGEST_PLENTY));
                if (findings.counted(TakingMember.RECEIVED) >= FIRST_MESSAGES) {
                    holdOnce();
                }
            }
        } catch (IOException | RuntimeException | Error failure) {
            findings.fault("descriptors cannot be taken and given back", failure);
        }
    }

    private void holdOnce() throws IOException {
        Deque<FileInputStream> files = takeAll();
        try {
            for (int left = random.nextInt(MOST_LEFT); left > 0 && !files.isEmpty(); left--) {
                files.pop().close();
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_LACK));
        } finally {
            for (FileInputStream file : files) {
                file.close();
            }
        }
    }

    private static Deque<FileInputStream> takeAll() {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            while (files.size() < MOST) { // where there is no limit, none are lacking
                files.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException _) {
            // That was the last descriptor.
        }
        return files;
    }
}
