package dev.ipcchannel.internal.send;

import static dev.ipcchannel.internal.send.Recipient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The claims of a message to many where the JVM fails in the middle of a claim.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupErrorTest {

    private static final int LENGTH = 8;

    @RegisterExtension
    final Children children = new Children();

    private final List<Recipient> recipients = new ArrayList<>();
    private final Members members = new Members("", new AtomicLong());
    private final Counters counters = new Counters(Counters.Side.SENDER);
    private final Claims claims = new Claims(members, counters);

    /// A stack or a heap that ends before the commit, or after the claim.
    private static final class FailingLane extends GroupLane {

        private final boolean isAtCommit;
        private boolean hasFailed;

        FailingLane(Share way, boolean isAtCommit) {
            super(way);
            this.isAtCommit = isAtCommit;
        }

        @Override
        boolean tryClaim(int length, int descriptors) {
            boolean isClaimed = super.tryClaim(length, descriptors);
            failOnce(!isAtCommit);
            return isClaimed;
        }

        @Override
        void commit() {
            failOnce(isAtCommit);
            super.commit();
        }

        private void failOnce(boolean isHere) {
            if (isHere && !hasFailed) {
                hasFailed = true;
                throw new StackOverflowError("by the test");
            }
        }
    }

    @AfterEach
    void close() {
        recipients.forEach(Recipient::closeAll);
    }

    @Test
    void errorAmidACommitKeepsTheMessageFromNoOtherAndLeavesNothingClaimed() throws Exception {
        join(false, true);
        join(true, true);
        join(false, true);
        claim(1);

        assertThatThrownBy(() -> claims.commit(LENGTH)).isInstanceOf(StackOverflowError.class);

        assertNothingIsClaimed();
        assertThat(recipients.get(0).next(LENGTH)).isEqualTo(1);
        assertThat(recipients.get(1).poll(LENGTH)).isNull();
        assertThat(recipients.get(2).next(LENGTH)).isEqualTo(1);
        assertNextGoesToAll();
    }

    @Test
    void errorAfterAClaimLeavesNothingClaimed() throws Exception {
        join(false, false);
        join(true, false);
        join(false, false);

        assertThatThrownBy(() -> claims.tryAll(2 * LENGTH, 0))
                .isInstanceOf(StackOverflowError.class);

        assertNothingIsClaimed();
        assertNextGoesToAll();
    }

    private void join(boolean isFailing, boolean isAtCommit) {
        Recipient recipient = Recipient.open();
        recipients.add(recipient);
        assertThat(members.add(isFailing ? new FailingLane(recipient.share(), isAtCommit)
                : new GroupLane(recipient.share()))).isTrue();
    }

    private void claim(int number) {
        assertThat(claims.tryAll(LENGTH, 0)).isTrue();
        claims.copyIn(OutgoingMessage.of(message(number, LENGTH), List.of()));
        claims.sendParts(List.of());
    }

    private void assertNothingIsClaimed() {
        assertThat(claims.isEmpty()).isTrue();
        assertThat(recipients).noneMatch(recipient -> recipient.share().isClaimedHere());
    }

    private void assertNextGoesToAll() throws InterruptedException {
        claim(9);
        assertThat(claims.commit(LENGTH)).isTrue();
        for (Recipient recipient : recipients) {
            assertThat(recipient.next(LENGTH)).isEqualTo(9);
            assertThat(recipient.poll(LENGTH)).isNull();
        }
    }
}
