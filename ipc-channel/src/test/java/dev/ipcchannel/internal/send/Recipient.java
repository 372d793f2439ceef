package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.end.Faults;
import dev.ipcchannel.internal.end.IncomingMessage;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.rendezvous.Ends;
import dev.ipcchannel.internal.wait.Turn;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A receiver of a group in a test: a channel's two ends, of which the group takes the sender's.
///
/// Messages are numbers here, each repeated in all the bytes of its message.
record Recipient(Ends ends, Faults faults) {

    static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");

    static Recipient open() {
        return open(SETTINGS);
    }

    static Recipient open(LaneSettings settings) {
        Faults faults = new Faults();
        return new Recipient(Ends.open(settings, faults), faults);
    }

    /// A receiver whose way is inside of its group's turn, as those of the library's groups are.
    static Recipient open(Group group) {
        Faults faults = new Faults();
        return new Recipient(Ends.open(SETTINGS, faults, Turn.inside(group.turn())), faults);
    }

    /// A receiver whose ring has no room until the test gives it some.
    static Recipient full(Group group) {
        Recipient recipient = open(group);
        recipient.faults.fill();
        return recipient;
    }

    static byte[] message(int number, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) number);
        return message;
    }

    Share share() {
        return ends.share();
    }

    void makeRoom() {
        faults.makeRoom();
    }

    void close() {
        ends.inbox().close("closed by the test");
    }

    /// Closes also what the group does not have.
    void closeAll() {
        ends.close();
    }

    /// The number of the next message, after a check that all its bytes repeat it.
    int next(int length) throws InterruptedException {
        Inbox inbox = ends.inbox();
        inbox.enter();
        try {
            IncomingMessage found = inbox.next(Deadline.after(Children.PATIENCE));
            assertThat(found).as("a message").isNotNull();
            return take(found, length);
        } finally {
            inbox.exit();
        }
    }

    List<Integer> next(int count, int length) throws InterruptedException {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(next(length));
        }
        return numbers;
    }

    /// The number of the next message if there is one.
    @Nullable
    Integer poll(int length) {
        Inbox inbox = ends.inbox();
        inbox.enter();
        try {
            IncomingMessage found = inbox.tryNext();
            return found == null ? null : take(found, length);
        } finally {
            inbox.exit();
        }
    }

    /// Takes so many messages, whatever they are.
    void skip(int count) throws InterruptedException {
        Inbox inbox = ends.inbox();
        for (int i = 0; i < count; i++) {
            inbox.enter();
            try {
                IncomingMessage found = inbox.next(Deadline.after(Children.PATIENCE));
                assertThat(found).as("a message").isNotNull();
                Descriptor.closeAll(found.takeDescriptors());
                found.consume();
            } finally {
                inbox.exit();
            }
        }
    }

    private int take(IncomingMessage found, int length) {
        Descriptor.closeAll(found.takeDescriptors());
        byte[] bytes = new byte[found.length()];
        found.copyOut(bytes);
        found.consume();
        assertThat(bytes).isEqualTo(message(bytes[0], length));
        return bytes[0];
    }
}
