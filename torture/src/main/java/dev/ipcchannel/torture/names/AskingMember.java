package dev.ipcchannel.torture.names;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.named.NamedCaller;
import dev.ipcchannel.named.NamedOptions;
import dev.ipcchannel.named.Unreceived;
import dev.ipcchannel.torture.Findings;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A thread that opens one caller after another, and checks how often each of its questions was
/// begun, and which outcome was reported.
final class AskingMember extends MemberThread {

    static final String ANSWERED = "questions answered";
    static final String CUT = "questions that a server had which ended";
    static final String LATE = "questions that timed out";
    static final String FAILED = "questions whose handler failed";
    static final String CANCELLED = "questions cancelled";
    static final String AGAIN = "questions answered by a second server, after the first had begun";

    private static final int PAUSES = 8; // one after so many questions
    private static final int LONGEST_PAUSE = 20_000_000; // nanoseconds
    private static final int LONGEST_WAIT = 1500; // milliseconds
    private static final int SHORT_WAIT = 5;
    private static final int SHORT_WAITS = 16; // one in so many
    private static final int LONGEST_WORK = 3_000; // microseconds
    private static final int LONG_WORK = 150_000;
    private static final int LONG_WORKS = 4; // one in so many
    private static final int FAILURES = 16;
    private static final int IDEMPOTENT = 3;
    private static final int CANCELS = 12;
    private static final int REST = 50_000_000; // nanoseconds, before the next open without room

    private final boolean isPoor;

    /// @param isPoor whether its process has few descriptors: then it may lack them
    AskingMember(Book book, Lines lines, SplittableRandom random, Findings findings,
            boolean isPoor) {
        super(book, lines, random, findings);
        this.isPoor = isPoor;
    }

    @Override
    String what() {
        return "caller";
    }

    @Override
    Book.Line line(int number) {
        return book.caller(number);
    }

    @Override
    void failed(Book.Line line, Throwable failure) {
        if (failure instanceof ResourceExhausted lack) {
            lack(line, lack, "callers that were not opened, for want of descriptors");
            LockSupport.parkNanos(REST);
        } else {
            super.failed(line, failure);
        }
    }

    private void lack(Book.Line line, ResourceExhausted failure, String what) {
        if (isPoor) {
            findings.count(what);
        } else {
            findings.fault("caller %d lacks something".formatted(line.number()), failure);
        }
    }

    @Override
    void live(Book.Line line) throws Exception {
        line.begin(random.nextInt(Names.NAMES));
        NamedOptions options = NamedOptions.defaults()
                .withUnreceived(random.nextBoolean() ? Unreceived.WAIT : Unreceived.FAIL);
        try (NamedCaller<Asked, Long> caller = findings.timed("open of a caller", Names.SILENCE,
                () -> NamedCaller.open(Names.name(line), Asked.class, Long.class, options))) {
            line.enter(Phase.OPEN);
            long most = random.nextInt(1, Book.QUESTIONS + 1);
            for (long number = 1; number <= most && !book.isOver(); number++) {
                ask(caller, line, number);
                if (random.nextInt(PAUSES) == 0) {
                    LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE));
                }
            }
        }
    }

    private void ask(NamedCaller<Asked, Long> caller, Book.Line line, long number)
            throws Exception {
        Question question = book.question(line.number(), number);
        boolean isIdempotent = random.nextInt(IDEMPOTENT) == 0;
        if (isIdempotent) {
            question.setIdempotent();
        }
        NamedCaller<Asked, Long> asking = isIdempotent ? caller.idempotent() : caller;
        Asked asked = new Asked(line.number(), number,
                random.nextInt(random.nextInt(LONG_WORKS) == 0 ? LONG_WORK : LONGEST_WORK),
                random.nextInt(FAILURES) == 0);
        Duration wait = Duration.ofMillis(
                random.nextInt(random.nextInt(SHORT_WAITS) == 0 ? SHORT_WAIT : LONGEST_WAIT));
        line.attempt(number);
        line.enter(Phase.SENDING);
        boolean isAnswered = false;
        try {
            isAnswered = findings.timed("question", wait.multipliedBy(2),
                    () -> isAnswered(asking, asked, wait));
        } catch (CallFailed failure) {
            check(asked.fails(), line, number, "failed unasked: " + failure);
            findings.count(FAILED);
        } catch (TimedOut _) {
            findings.count(LATE);
        } catch (Disconnected _) {
            findings.count(CUT);
        } catch (NoReceiver _) {
            findings.count("questions without a server");
        } catch (ResourceExhausted failure) {
            lack(line, failure, "questions that were not sent, for want of descriptors");
        } finally {
            question.end(isAnswered);
            line.enter(Phase.OPEN);
        }
        note(question, line, number, isAnswered);
    }

    /// @return false if the question was cancelled, or its answer did not come in time
    private boolean isAnswered(NamedCaller<Asked, Long> caller, Asked asked, Duration wait)
            throws Exception {
        if (random.nextBoolean()) {
            return isRight(caller.call(asked, wait), asked);
        }
        CompletableFuture<Long> answer = caller.send(asked, wait);
        if (random.nextInt(CANCELS) == 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_WORK)));
            if (answer.cancel(false)) {
                findings.count(CANCELLED);
                return false;
            }
        }
        try {
            return isRight(answer.get(wait.toNanos(), TimeUnit.NANOSECONDS), asked);
        } catch (TimeoutException _) {
            boolean _ = answer.cancel(false);
            findings.count(LATE);
            return false;
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
        }
    }

    private static boolean isRight(long answer, Asked asked) {
        if (answer != asked.answer() || asked.fails()) {
            throw new IllegalStateException("a wrong answer: question=%s, answer=%d".formatted(
                    asked, answer));
        }
        return true;
    }

    private void note(Question question, Book.Line line, long number, boolean isAnswered) {
        long begun = question.begun();
        check(begun <= question.most(), line, number, "was begun too often");
        if (isAnswered) {
            check(begun > 0 && question.finished() > 0, line, number, "was answered by no server");
            findings.count(ANSWERED);
            if (begun > 1) {
                findings.count(AGAIN);
            }
        }
    }

    private void check(boolean isSo, Book.Line line, long number, String what) {
        if (!isSo) {
            Question question = book.question(line.number(), number);
            findings.fault("question %d of caller %d %s: begun=%d, finished=%d, may be begun=%d"
                    .formatted(number, line.number(), what, question.begun(), question.finished(),
                            question.most()));
        }
    }
}
