package dev.ipcchannel.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.stress.Patience;
import dev.ipcchannel.stress.Start;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Races for open questions: each is given to a handler or dropped, even if a close comes
/// meanwhile, and no granted part is lost.
///
/// The closing thread writes "is closed" before it tries the lock of the receiving thread, and
/// before it reads the questions taken. The receiving thread frees the lock, and stores the
/// question that it takes, before it reads that word. So one of the two sees the other.
public final class QuestionStress {

    private QuestionStress() {}

    /// A close comes while a thread keeps a question: the later of the two drops it.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the question is received and dropped")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the close kept it from being received")
    @Outcome(expect = FORBIDDEN, desc = "it is kept for ever, or dropped twice")
    @State
    public static class CloseBesideTakeIn {

        private final Start start = new Start();
        private final ScriptedLink link =
                new ScriptedLink(List.of(new Request.Ask<>(1, "a question")));
        private final QuestionSource<String, String> source =
                new QuestionSource<>(link, Way.LATER);

        @Actor
        public void close() {
            start.await();
            source.close(null);
        }

        @Actor
        public void takeIn() {
            start.await();
            source.takeIn();
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = Math.min(1, link.received());
            result.r2 = link.dropped();
        }
    }

    /// A close comes while a thread takes a question: the question is dropped, or given out and
    /// stopped.
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "dropped, or given out and stopped")
    @Outcome(expect = FORBIDDEN, desc = "it goes on for ever, or its taker has what was dropped")
    @State
    public static class CloseBesideNext {

        private final Start start = new Start();
        private final ScriptedLink link =
                new ScriptedLink(List.of(new Request.Ask<>(1, "a question")));
        private final QuestionSource<String, String> source =
                new QuestionSource<>(link, Way.LATER);
        private @Nullable OpenQuestion<String, String> given;

        @Actor
        public void close() {
            start.await();
            source.close(null);
        }

        @Actor
        public void next() {
            start.await();
            int _ = Patience.uninterrupted(() -> {
                try {
                    given = source.next(Deadline.NEVER);
                } catch (EndClosed _) {
                    // the question was dropped
                }
                return 0;
            });
        }

        @Arbiter
        public void look(II_Result result) {
            result.r1 = link.dropped();
            result.r2 = given != null && given.standing().isOver() ? 1 : 0;
        }
    }

    /// A cancel comes at the end of a handler: the thread does not keep its interrupt.
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "the thread is not interrupted any more")
    @Outcome(expect = FORBIDDEN, desc = "the thread's next call is interrupted")
    @State
    public static class CancelBesideShut {

        private final Start start = new Start();
        private final OpenQuestion<String, String> question = question(Way.EXECUTOR);

        @Actor
        public void cancel() {
            start.await();
            question.cancel();
        }

        @Actor
        public void handle(I_Result result) {
            start.await();
            if (question.begin(Thread.currentThread())) {
                boolean _ = question.shut();
            }
            result.r1 = Thread.interrupted() ? 1 : 0;
        }
    }

    /// A part is sent while another is granted: neither is lost.
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one may be sent yet")
    @Outcome(expect = FORBIDDEN, desc = "a grant is lost, or counts twice")
    @State
    public static class SendBesideGrant {

        private final Start start = new Start();
        private final OpenQuestion<String, String> question = question(Way.EXECUTOR);

        public SendBesideGrant() {
            for (int i = 1; i < Reply.WINDOW; i++) {
                boolean _ = question.takeCredit();
            }
        }

        @Actor
        public void send(II_Result result) {
            start.await();
            result.r1 = question.takeCredit() ? 1 : 0;
        }

        @Actor
        public void grant() {
            start.await();
            question.grant(1);
        }

        @Arbiter
        public void count(II_Result result) {
            while (question.takeCredit()) {
                result.r2++;
            }
        }
    }

    private static OpenQuestion<String, String> question(Way way) {
        return new OpenQuestion<>(new QuestionSource<>(new ScriptedLink(List.of()), way),
                new Request.Ask<>(1, "a question"), Headers.NONE, new ReentrantLock());
    }
}
