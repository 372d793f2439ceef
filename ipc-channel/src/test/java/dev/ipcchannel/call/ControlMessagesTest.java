package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.BusyPool;
import dev.ipcchannel.testing.Children;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The notices of a caller beside its questions, where there is no room for it.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlMessagesTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);

    @RegisterExtension
    final Children children = new Children();

    @Test
    void cancelIsSentOnceThereIsRoomThoughTheCommonPoolIsBusy() throws Exception {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        try (Caller<String, String> caller = pair.near(); var far = pair.far();
                BusyPool _ = BusyPool.fill()) {
            ObservedCall<String> first =
                    Objects.requireNonNull(
                            caller.tryObserve("a question", new RecordingObserver()));
            while (caller.tryObserve("one more", new RecordingObserver()) != null) {
                // there is room
            }
            first.cancel();

            Request<String> next = far.receive(Children.PATIENCE);
            while (next instanceof Request.Ask<String>) {
                next = far.receive(Children.PATIENCE);
            }

            assertThat(next).isEqualTo(new Request.Cancel<String>(1));
        }
    }
}
