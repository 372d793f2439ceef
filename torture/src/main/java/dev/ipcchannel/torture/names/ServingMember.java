package dev.ipcchannel.torture.names;

import dev.ipcchannel.named.NamedService;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A thread that serves one name after another. Its handlers record in the book what they begin.
final class ServingMember extends MemberThread {

    static final String SERVED = "servers closed";

    private static final int LONGEST_VISIT = 900; // milliseconds
    private static final int GOES = 3; // one server in so many does not stay
    private static final int LOOK = 5_000_000; // nanoseconds
    private static final int PATIENT_CLOSES = 8; // one in so many waits for all its calls
    private static final int LONGEST_GRACE = 20; // milliseconds, of the other ones
    // Allows for stopped callers: for their calls, and for their disconnection.
    private static final Duration GRACE = Duration.ofSeconds(5).plus(Names.SILENCE);

    ServingMember(Book book, Lines lines, SplittableRandom random, Findings findings) {
        super(book, lines, random, findings);
    }

    @Override
    String what() {
        return "server";
    }

    @Override
    Book.Line line(int number) {
        return book.server(number);
    }

    @Override
    void live(Book.Line line) throws Exception {
        line.begin(random.nextInt(Names.NAMES));
        NamedService service = findings.timed("open of a server", Names.SILENCE,
                () -> NamedService.serve(Names.name(line), Asked.class, Long.class,
                        (asked, _) -> answer(line, asked)));
        try {
            line.enter(Phase.OPEN);
            long visit = random.nextInt(GOES) > 0 ? Long.MAX_VALUE
                    : TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_VISIT));
            for (long start = System.nanoTime(); System.nanoTime() - start < visit
                    && !book.isOver();) {
                LockSupport.parkNanos(LOOK);
            }
        } finally {
            line.enter(Phase.LEAVING);
            boolean isPatient = random.nextInt(PATIENT_CLOSES) == 0;
            Duration grace = Duration.ofMillis(random.nextInt(LONGEST_GRACE));
            boolean _ = findings.timed("close of a server", GRACE, () -> {
                if (isPatient) {
                    service.close();
                } else {
                    service.close(grace);
                }
                return true;
            });
            findings.count(SERVED);
        }
    }

    /// Runs on its own thread.
    private long answer(Book.Line line, Asked asked) {
        Question question = book.question(asked.caller(), asked.number());
        line.take();
        try {
            question.begin();
            long nanos = TimeUnit.MICROSECONDS.toNanos(asked.micros());
            for (long start = System.nanoTime(); System.nanoTime() - start < nanos;) {
                boolean _ = Thread.interrupted(); // it continues even if no caller waits
                LockSupport.parkNanos(nanos);
            }
            if (asked.fails()) {
                throw new IllegalStateException("as it was asked to");
            }
            question.finish();
            return asked.answer();
        } finally {
            line.giveBack();
        }
    }
}
