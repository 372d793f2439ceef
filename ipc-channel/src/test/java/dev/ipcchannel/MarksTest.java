package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ForwardingLink;
import dev.ipcchannel.testing.Waits;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The marks of a conversation, from before its lane exists until after it is gone.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MarksTest {

    private static final int ROUNDS = 300;

    @RegisterExtension
    final Children children = new Children();

    private static Marks out(Link<?, ?> link) {
        return present(EndAccess.outMarks(link));
    }

    private static Marks in(Link<?, ?> link) {
        return present(EndAccess.inMarks(link));
    }

    private static Marks present(@Nullable Marks marks) {
        if (marks == null) {
            throw new AssertionError("a duplex has no marks");
        }
        return marks;
    }

    /// Two sides in this process.
    private record Sides(Duplex<String, String> asking, Duplex<String, String> answering)
            implements AutoCloseable {

        static Sides make() {
            Duplex.Pair<String, String> pair = Duplex.create(String.class, String.class);
            return new Sides(pair.near(), pair.far());
        }

        void pass(String message) throws InterruptedException {
            asking.send(message);
            assertThat(answering.receive()).isEqualTo(message);
        }

        @Override
        public void close() {
            asking.close();
            answering.close();
        }
    }

    @Test
    void eachSideSeesTheMarkOfTheOther() throws Exception {
        try (Sides sides = Sides.make()) {
            Marks asking = out(sides.asking());
            Marks answering = in(sides.answering());
            sides.pass("job");

            asking.set(5);
            answering.set(12);

            assertThat(answering.other()).isEqualTo(5);
            assertThat(asking.other()).isEqualTo(12);
        }
    }

    @Test
    void marksCanBeAskedForOnceThereIsALane() throws Exception {
        try (Sides sides = Sides.make()) {
            sides.pass("job");
            Marks asking = out(sides.asking());
            Marks answering = in(sides.answering());

            asking.set(5);
            answering.set(12);

            assertThat(answering.other()).isEqualTo(5);
            assertThat(asking.other()).isEqualTo(12);
        }
    }

    @Test
    void bothAreZeroBeforeTheFirstMessage() {
        try (Sides sides = Sides.make()) {
            assertThat(out(sides.asking()).other()).isZero();
            assertThat(in(sides.answering()).other()).isZero();
        }
    }

    @Test
    void marksThatWereSetBeforeTheFirstMessageComeWithIt() throws Exception {
        try (Sides sides = Sides.make()) {
            Marks asking = out(sides.asking());
            Marks answering = in(sides.answering());
            asking.set(4);
            asking.set(5);
            answering.set(12);

            sides.pass("job");

            assertThat(answering.other()).isEqualTo(5);
            assertThat(asking.other()).isEqualTo(12);
        }
    }

    @Test
    void marksAskedForTwiceAreTheSame() throws Exception {
        try (Sides sides = Sides.make()) {
            sides.pass("job");
            out(sides.asking()).set(5);
            in(sides.answering()).set(12);

            assertThat(in(sides.answering()).other()).isEqualTo(5);
            assertThat(out(sides.asking()).other()).isEqualTo(12);
        }
    }

    @Test
    void twoDirectionsHaveMarksOfTheirOwn() throws Exception {
        try (Sides sides = Sides.make()) {
            sides.pass("job");
            sides.answering().send("answer");
            assertThat(sides.asking().receive()).isEqualTo("answer");

            out(sides.asking()).set(5);
            out(sides.answering()).set(6);

            assertThat(in(sides.answering()).other()).isEqualTo(5);
            assertThat(in(sides.asking()).other()).isEqualTo(6);
        }
    }

    @Test
    void lastMarkStaysOnceThisSideIsClosed() throws Exception {
        try (Sides sides = Sides.make()) {
            Marks asking = out(sides.asking());
            Marks answering = in(sides.answering());
            sides.pass("job");
            asking.set(5);
            answering.set(12);

            sides.asking().close();
            sides.answering().close();
            asking.set(6);
            answering.set(13);

            assertThat(asking.other()).isEqualTo(12);
            assertThat(answering.other()).isEqualTo(5);
        }
    }

    @Test
    void markOfASideThatHasClosedIsThere() throws Exception {
        try (Sides sides = Sides.make()) {
            Marks asking = out(sides.asking());
            in(sides.answering()).set(11);
            sides.pass("job");
            in(sides.answering()).set(12);

            sides.answering().close();

            assertThat(asking.other()).isEqualTo(12);
        }
    }

    @Test
    void marksOfALinkThatIsOwnedThenAreTheSame() throws Exception {
        try (Sides sides = Sides.make()) {
            Marks asking = out(sides.asking());
            Marks answering = in(sides.answering());
            Link<String, String> asker = sides.asking().ownedBy("an asker");
            Link<String, String> answerer = sides.answering().ownedBy("an answerer");

            asker.send("job");
            assertThat(answerer.receive()).isEqualTo("job");
            asking.set(5);
            answering.set(12);

            assertThat(answering.other()).isEqualTo(5);
            assertThat(asking.other()).isEqualTo(12);
            assertThatThrownBy(() -> out(asker)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("an asker");
            assertThatThrownBy(() -> in(answerer)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("an answerer");
        }
    }

    @Test
    void linkOfAnotherKindHasNone() {
        try (Sides sides = Sides.make()) {
            Link<String, String> link = new Forwarding(sides.asking());

            assertThat(EndAccess.outMarks(link)).isNull();
            assertThat(EndAccess.inMarks(link)).isNull();
        }
    }

    /// A link that is no [Duplex].
    private record Forwarding(Link<String, String> ends)
            implements ForwardingLink<String, String> {

        @Override
        public Link<String, String> ownedBy(String owner) {
            return ends.ownedBy(owner);
        }
    }

    @Test
    void closedLinkHasNoMarksToGive() {
        try (Sides sides = Sides.make()) {
            sides.asking().close();

            assertThatThrownBy(() -> out(sides.asking())).isInstanceOf(EndClosed.class);
            assertThatThrownBy(() -> in(sides.asking())).isInstanceOf(EndClosed.class);
        }
    }

    /// One thread stores a mark before the first message, while another makes the lane: in either
    /// order, the other side finds the mark.
    @Test
    void markIsNotLostWhileTheLaneIsMade() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            try (Sides sides = Sides.make()) {
                Marks asking = out(sides.asking());
                Marks answering = in(sides.answering());
                CountDownLatch start = new CountDownLatch(1);
                Waits<Void> setting = Waits.run(() -> {
                    start.await();
                    asking.set(1);
                    asking.set(2);
                });
                start.countDown();
                sides.pass("job");
                setting.value();

                assertThat(answering.other()).as("round %d", round).isEqualTo(2);
            }
        }
    }

    /// Both sides store and read in a loop while both ends are closed: no thread touches unmapped
    /// memory, and the values read never decrease.
    @RepeatedTest(3)
    void closesRaceWithMarks() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Sides sides = Sides.make()) {
                AtomicBoolean isOver = new AtomicBoolean();
                Marks asking = out(sides.asking());
                Marks answering = in(sides.answering());
                sides.pass("job");
                CountDownLatch running = new CountDownLatch(2);
                Waits<Long> asks = Waits.in(() -> setAndLook(asking, running, isOver));
                Waits<Long> answers = Waits.in(() -> setAndLook(answering, running, isOver));
                running.await();

                if (round % 2 == 0) {
                    sides.asking().close();
                    sides.answering().close();
                } else {
                    sides.answering().close();
                    sides.asking().close();
                }
                isOver.set(true);

                assertThat(asking.other()).isBetween(1L, answers.value());
                assertThat(answering.other()).isBetween(1L, asks.value());
            }
        }
    }

    /// @return the last mark that was set
    private static long setAndLook(Marks marks, CountDownLatch running, AtomicBoolean isOver) {
        long mark = 0;
        long seen = 0;
        while (!isOver.get()) {
            mark++;
            marks.set(mark);
            long now = marks.other();
            assertThat(now).isGreaterThanOrEqualTo(seen);
            seen = now;
            if (mark == 1) {
                running.countDown();
            }
        }
        return mark;
    }
}
