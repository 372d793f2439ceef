package dev.ipcchannel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Marks;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Conversation;
import dev.ipcchannel.testing.children.MarkingChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The marks of another process that runs, stops or ends.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MarksIT {

    @RegisterExtension
    final Children children = new Children();

    private static Duplex<String, String> duplex(Conversation conversation) {
        return new Duplex<>(conversation.toChild(), conversation.fromChild());
    }

    private static String ask(Duplex<String, String> child, String message) throws Exception {
        child.send(message);
        return child.receive();
    }

    @Test
    void eachProcessSeesTheMarkOfTheOther() throws Exception {
        try (Conversation conversation = children.converse(MarkingChild.class)) {
            Duplex<String, String> child = duplex(conversation);
            Marks marks = requireNonNull(EndAccess.outMarks(child));
            marks.set(5);

            assertThat(ask(child, "12")).isEqualTo("5");
            assertThat(marks.other()).isEqualTo(12);

            marks.set(6);
            assertThat(ask(child, "13")).isEqualTo("6");
            assertThat(marks.other()).isEqualTo(13);
            conversation.child().kill();
        }
    }

    @Test
    void lastMarkOfAKilledProcessIsReadUntilThisSideIsClosedAndAfter() throws Exception {
        try (Conversation conversation = children.converse(MarkingChild.class)) {
            Duplex<String, String> child = duplex(conversation);
            Marks marks = requireNonNull(EndAccess.outMarks(child));
            assertThat(ask(child, "1000")).isEqualTo("0");
            child.send("count");
            await("the child counts").until(() -> marks.other() > 2000);

            conversation.child().kill();
            long last = marks.other();

            assertThat(last).isGreaterThan(2000);
            assertThatThrownBy(child::receive).isInstanceOf(Disconnected.class);
            assertThat(marks.other()).isEqualTo(last);
            child.close();
            assertThat(marks.other()).isEqualTo(last);
        }
    }

    @Test
    void markIsSetForAStoppedProcess() throws Exception {
        try (Conversation conversation = children.converse(MarkingChild.class)) {
            Duplex<String, String> child = duplex(conversation);
            Marks marks = requireNonNull(EndAccess.outMarks(child));
            assertThat(ask(child, "1")).isEqualTo("0");
            conversation.child().signal("STOP");
            child.send("2");

            marks.set(8);
            assertThat(marks.other()).isBetween(1L, 2L);
            conversation.child().signal("CONT");

            assertThat(child.receive()).isIn("0", "8"); // it may have looked before it stopped
            assertThat(ask(child, "3")).isEqualTo("8");
            conversation.child().kill();
        }
    }
}
