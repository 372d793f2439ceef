package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.testing.Children;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The messages that wait for a lane where the heap fails during a send: each goes out once, and in
/// order.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BacklogsTest {

    @RegisterExtension
    final Children children = new Children();

    private final Recipient recipient = Recipient.open();
    private final Turn turn = new Turn(null, false);
    private final AtomicLong dropped = new AtomicLong();
    private final Members members = new Members("", dropped);
    private final Counters counters = new Counters(Counters.Side.SENDER);
    private final Backlogs backlogs = new Backlogs(
            new GroupState(turn, members, new Claims(members, counters), counters));

    enum Place {
        CLAIM, COPY, COMMIT, AFTER_COMMIT
    }

    /// A lane on which the heap fails twice, at each of the messages.
    private static final class FailingLane extends GroupLane {

        private final Place place;
        private int failures;

        FailingLane(Share way, Place place) {
            super(way);
            this.place = place;
        }

        @Override
        boolean tryClaim(int length, int descriptors) {
            failTwice(Place.CLAIM);
            boolean isClaimed = super.tryClaim(length, descriptors);
            if (isClaimed) {
                failTwice(Place.COPY);
            }
            return isClaimed;
        }

        @Override
        void commit() {
            failTwice(Place.COMMIT);
            super.commit();
            if (place == Place.AFTER_COMMIT) { // at each: a second try would be a second message
                throw new OutOfMemoryError("by the test");
            }
            failures = 0;
        }

        private void failTwice(Place here) {
            if (here == place && failures < 2) {
                failures++;
                throw new OutOfMemoryError("by the test");
            }
        }
    }

    @AfterEach
    void close() {
        recipient.closeAll();
    }

    @ParameterizedTest
    @CsvSource({"CLAIM,24", "COPY,24", "COMMIT,24", "AFTER_COMMIT,24", "CLAIM,100000",
        "COPY,100000", "COMMIT,100000", "AFTER_COMMIT,100000"})
    void eachMessageGoesOutOnceAndInOrderThoughTheHeapFails(Place place, int length)
            throws Exception {
        FailingLane lane = new FailingLane(recipient.share(), place);
        turn.enter();
        try {
            assertThat(members.add(lane)).isTrue();
            for (int i = 1; i <= 3; i++) {
                lane.backlog().add(KeptMessage
                        .copyOf(OutgoingMessage.of(Recipient.message(i, length), List.of())));
            }
            backlogs.drain(lane);
            assertThat(backlogs.awaitNoneLagging(Deadline.after(Children.PATIENCE))).isTrue();
        } finally {
            turn.exit();
        }

        assertThat(recipient.next(3, length)).containsExactly(1, 2, 3);
        assertThat(recipient.poll(length)).isNull();
        assertThat(dropped).hasValue(0);
    }

    /// A thread that a lane lacks where none could be started.
    @ParameterizedTest
    @CsvSource({"24", "100000"})
    void sendThatWaitsForALaneSeesToItsThread(int length) throws Exception {
        GroupLane lane = new GroupLane(recipient.share());
        turn.enter();
        try {
            assertThat(members.add(lane)).isTrue();
            lane.backlog().add(KeptMessage
                    .copyOf(OutgoingMessage.of(Recipient.message(1, length), List.of())));

            assertThat(backlogs.awaitNoneLagging(Deadline.after(Children.PATIENCE))).isTrue();
        } finally {
            turn.exit();
        }
        assertThat(recipient.next(length)).isEqualTo(1);
    }
}
