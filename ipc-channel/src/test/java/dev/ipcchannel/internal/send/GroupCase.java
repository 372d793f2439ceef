package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.send.Group.Unreceived;
import dev.ipcchannel.internal.wire.LaneException;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The group and the recipients of a test, which are closed after it.
abstract class GroupCase {

    static final int SHORT = 8;
    static final int LONG = 100_000; // in a file

    @RegisterExtension
    final Children children = new Children();

    final List<Recipient> recipients = new ArrayList<>();
    Group group = new Group(Recipient.SETTINGS, Unreceived.WAIT);

    @AfterEach
    void close() {
        group.end("closed");
        recipients.forEach(Recipient::closeAll);
    }

    final Recipient join(Recipient recipient) {
        recipients.add(recipient);
        assertThat(group.join(recipient.share())).isTrue();
        return recipient;
    }

    final List<Recipient> joined(int count) {
        List<Recipient> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(join(Recipient.open(group)));
        }
        return all;
    }

    final void assertEachGets(int number, int length) throws InterruptedException {
        for (Recipient one : recipients) {
            assertThat(one.next(length)).isEqualTo(number);
        }
    }

    final void assertNothing(int length) {
        assertNothing(recipients, length);
    }

    static void assertNothing(List<Recipient> of, int length) {
        for (Recipient one : of) {
            assertThat(one.poll(length)).isNull();
        }
    }

    static void assertIsAtItsEnd(Recipient recipient) {
        assertFails(() -> recipient.next(SHORT), LaneException.Kind.DISCONNECTED);
    }

    static void assertFails(ThrowingCallable call, LaneException.Kind kind) {
        assertThatThrownBy(call).isInstanceOfSatisfying(LaneException.class,
                failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
