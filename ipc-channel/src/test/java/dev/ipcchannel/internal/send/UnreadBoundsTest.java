package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.OutgoingMessage;
import dev.ipcchannel.internal.send.Group.Slow;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The bounds of unread long messages: where one is reached, the receiver that has not read has no
/// room, and no other.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnreadBoundsTest {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int OF_ONE = 16; // messages of 4 MiB
    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 4 * MIB, "");

    @RegisterExtension
    final Children children = new Children();

    private final List<Recipient> recipients = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();

    @AfterEach
    void close() {
        groups.forEach(group -> group.end("closed"));
        recipients.forEach(Recipient::closeAll);
    }

    private Group group(Slow rule, SpillPool files) {
        Group group = new Group(SETTINGS, rule, files);
        groups.add(group);
        return group;
    }

    private Recipient join(Group group) {
        Recipient recipient = Recipient.open(SETTINGS);
        recipients.add(recipient);
        assertThat(group.join(recipient.share())).isTrue();
        return recipient;
    }

    private static boolean isSent(Group group, int given, int length) throws InterruptedException {
        return group.way().send(OutgoingMessage.of(Numbered.message(given, length), List.of()),
                Deadline.after(Duration.ofMillis(20)));
    }

    private static List<Integer> got(Recipient recipient, int count) throws InterruptedException {
        return Numbered.next(recipient, count).stream().map(Numbered::given).toList();
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource(Slow.class)
    void receiverWith64MiBUnreadHasNoRoom(Slow rule) throws Exception {
        Group group = group(rule, SpillPool.shared());
        Recipient slow = join(group);
        Recipient quick = join(group);
        for (int i = 1; i <= OF_ONE; i++) {
            assertThat(isSent(group, i, 4 * MIB)).isTrue();
            assertThat(got(quick, 1)).containsExactly(i);
        }

        boolean isSent = rule != Slow.FAIL && isSent(group, OF_ONE + 1, 4 * MIB);

        assertThat(isSent).isEqualTo(rule != Slow.FAIL && rule != Slow.WAIT);
        assertThat(group.dropped())
                .isEqualTo(rule == Slow.DROP_NEWEST || rule == Slow.DISCONNECT ? 1 : 0);
        assertThat(group.receivers()).isEqualTo(rule == Slow.DISCONNECT ? 1 : 2);
        if (isSent) {
            assertThat(got(quick, 1)).containsExactly(OF_ONE + 1);
        }
        int last = rule == Slow.DROP_OLDEST ? OF_ONE + 1 : OF_ONE; // that one waits for it
        assertThat(got(slow, last)).isEqualTo(range(1, last));
        if (rule != Slow.DISCONNECT) { // else its lane has ended
            assertThat(Numbered.poll(slow)).isNull();
        }
    }

    /// One receiver never reads; the other has read four messages and then stops. There is room for
    /// eight files.
    @Test
    void whereAllHaveTooMuchUnreadTheOneWithTheOldestHasNoRoom() throws Exception {
        Group group = group(Slow.DROP_NEWEST, SpillPool.shared(MIB, 64));
        Recipient stopped = join(group);
        Recipient stopping = join(group);
        Recipient quick = join(group);
        for (int i = 1; i <= 20; i++) {
            assertThat(isSent(group, i, 128 * KIB)).isTrue();
            assertThat(got(quick, 1)).containsExactly(i);
            if (i <= 4) {
                assertThat(got(stopping, 1)).containsExactly(i);
            }
        }

        assertThat(group.dropped(quick.share())).isZero();
        assertThat(group.dropped(stopped.share())).isEqualTo(12);
        assertThat(group.dropped(stopping.share())).isEqualTo(8);
        assertThat(got(stopped, 8)).isEqualTo(range(1, 8));
        assertThat(got(stopping, 8)).isEqualTo(range(5, 12));
        assertThat(isSent(group, 21, 128 * KIB)).isTrue();
        for (Recipient one : recipients) {
            assertThat(got(one, 1)).containsExactly(21);
        }
    }
}
