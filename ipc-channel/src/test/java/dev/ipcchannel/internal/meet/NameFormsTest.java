package dev.ipcchannel.internal.meet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The form of a name and the sender of a route: there is one of each, and a lingering member does
/// not count.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NameFormsTest {

    @RegisterExtension
    final OwnNames names = new OwnNames();

    private static Member open(PlainRole role) throws InterruptedException {
        return Member.open(NameKind.BROADCAST, "words", "bytes", "byte[]", "test", role);
    }

    private static void assertRefused(PlainRole role, String what) {
        assertThatThrownBy(() -> open(role)).isInstanceOf(MeetingException.class)
                .hasMessageContaining(what).hasMessageContaining("name=words")
                .hasMessageContaining("pid=" + ProcessHandle.current().pid() + " (test)")
                .extracting(failure -> ((MeetingException) failure).kind())
                .isEqualTo(MeetingException.Kind.OTHER_FORM);
    }

    @Test
    void memberOfAnotherFormIsRefused() throws Exception {
        try (Member _ = open(PlainRole.receiver().in(Entry.ROUTE))) {
            assertRefused(PlainRole.receiver().in(Entry.CHANNEL), "type=CHANNEL, there=ROUTE");
            assertRefused(PlainRole.sender().in(Entry.CHANNEL), "type=CHANNEL, there=ROUTE");
            open(PlainRole.sender().in(Entry.ROUTE)).close();
        }
    }

    @Test
    void placeOfARoutesSenderIsFreeOnceThatLingersAndBothAreMet() throws Exception {
        PlainRole receiver = PlainRole.receiver().in(Entry.ROUTE);
        PlainRole late = PlainRole.receiver().in(Entry.ROUTE);
        try (Member _ = open(receiver); Member first = open(PlainRole.sender().in(Entry.ROUTE))) {
            assertRefused(PlainRole.sender().in(Entry.ROUTE), "a ROUTE has room for one");
            first.linger();
            first.linger();
            try (Member _ = open(PlainRole.sender().in(Entry.ROUTE))) {
                assertRefused(PlainRole.sender().in(Entry.ROUTE), "a ROUTE has room for one");
                assertThat(NameList.of(RuntimeDirectory.where()))
                        .extracting(Entry::shownRole)
                        .containsExactlyInAnyOrder("receiver", "sender", "lingering sender");
                try (Member _ = open(late)) {
                    await().atMost(Children.PATIENCE).pollInterval(Duration.ofMillis(2))
                            .until(() -> receiver.there() == 2 && late.there() == 2);
                }
            }
        }
    }
}
