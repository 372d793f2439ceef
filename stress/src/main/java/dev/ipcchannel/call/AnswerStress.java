package dev.ipcchannel.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.stress.Start;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/// Races for questions that are being answered: an answer whose wait for room is interrupted leaves
/// its question open, with all that has arrived for it meanwhile.
///
/// So the question remains in its table until its last reply is sent. If it were removed before,
/// and put back after the interrupt, it would miss what arrives in between.
public final class AnswerStress {

    private AnswerStress() {}

    /// A question that was given to a handler, and a thread that is interrupted while it answers.
    private static final class Answering {

        private final Start start = new Start();
        private final QuestionSource<String, String> source = new QuestionSource<>(
                new ScriptedLink(List.of(new Request.Ask<>(1, "a question"))), Way.LATER);
        private final OpenQuestion<String, String> question = next(source);

        void answer() {
            start.await();
            try {
                source.questions().settle(question, "an answer", null);
                throw new AssertionError("it was not interrupted");
            } catch (InterruptedException _) {
                // it is open
            }
        }

        void receive(Request<String> request) {
            start.await();
            source.questions().note(request);
        }

        int isOver() {
            return question.standing().isOver() ? 1 : 0;
        }
    }

    private static OpenQuestion<String, String> next(QuestionSource<String, String> source) {
        try {
            OpenQuestion<String, String> question = source.next(Deadline.NEVER);
            if (question == null) {
                throw new AssertionError("no question came");
            }
            return question;
        } catch (InterruptedException failure) {
            throw new AssertionError("an actor was interrupted", failure);
        }
    }

    /// A cancel arrives during an answer that is interrupted.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the question is cancelled")
    @Outcome(expect = FORBIDDEN, desc = "the cancel is lost")
    @State
    public static class CancelBesideAnswer {

        private final Answering answering = new Answering();

        @Actor
        public void cancel() {
            answering.receive(new Request.Cancel<>(1));
        }

        @Actor
        public void answer() {
            answering.answer();
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = answering.isOver();
        }
    }

    /// A close comes during an answer that is interrupted.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the question is stopped")
    @Outcome(expect = FORBIDDEN, desc = "it goes on for ever")
    @State
    public static class CloseBesideAnswer {

        private final Answering answering = new Answering();

        @Actor
        public void close() {
            answering.start.await();
            answering.source.close(null);
        }

        @Actor
        public void answer() {
            answering.answer();
        }

        @Arbiter
        public void look(I_Result result) {
            result.r1 = answering.isOver();
        }
    }

    /// A grant of a part arrives during an answer that is interrupted.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one more part may be sent")
    @Outcome(expect = FORBIDDEN, desc = "the grant is lost")
    @State
    public static class GrantBesideAnswer {

        private final Answering answering = new Answering();

        @Actor
        public void grant() {
            answering.receive(new Request.More<>(1, 1));
        }

        @Actor
        public void answer() {
            answering.answer();
        }

        @Arbiter
        public void count(I_Result result) {
            while (answering.question.takeCredit()) {
                result.r1++;
            }
            result.r1 -= Reply.WINDOW;
        }
    }

    /// A look for cancels comes at the end of a handler on the serving thread, which continues with
    /// the next question: the cancel of the first question affects neither that thread nor the next
    /// question.
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the next one goes on")
    @Outcome(expect = FORBIDDEN, desc = "the next one is cancelled or interrupted")
    @State
    public static class CancelBesideNextInline {

        private final Start start = new Start();
        private final QuestionSource<String, String> source =
                new QuestionSource<>(new ScriptedLink(List.of(new Request.Ask<>(1, "first"),
                        new Request.Cancel<>(1), new Request.Ask<>(2, "second"))), Way.INLINE);

        @Actor
        public void look() {
            start.await();
            source.takeInAhead();
        }

        @Actor
        public void serve(II_Result result) {
            OpenQuestion<String, String> first = next(source);
            start.await();
            boolean _ = first.shut();
            OpenQuestion<String, String> second = next(source);
            result.r2 = second.standing().isOver() ? 1 : 0;
            boolean _ = second.shut();
            result.r1 = Thread.interrupted() ? 1 : 0;
        }
    }
}
