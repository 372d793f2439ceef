package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.SharedBytes;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Blocks of shared memory in the messages of a name, which each receiver of the name gets.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedBytesTest {

    private static final byte[] CONTENT = {1, 2, 3, 4, 5};

    record Picture(String title, SharedBytes pixels) {}

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    @Test
    void blockReachesEachReceiverAndOutlivesItsSender() throws Exception {
        exchange(); // what the first use of a class opens stays open
        long before = Children.descriptors();
        exchange();
        await().atMost(Children.PATIENCE).until(() -> Children.descriptors() <= before);
    }

    private static void exchange() throws Exception {
        try (NamedReceiver<Picture> left = NamedReceiver.open("pictures", Picture.class);
                NamedReceiver<Picture> right = NamedReceiver.open("pictures", Picture.class)) {
            try (NamedSender<Picture> sender = NamedSender.open("pictures", Picture.class);
                    SharedBytes pixels = SharedBytes.of(CONTENT)) {
                sender.send(new Picture("kept", pixels));
                sender.send(new Picture("again", pixels));
            }
            for (NamedReceiver<Picture> receiver : List.of(left, right)) {
                for (String title : List.of("kept", "again")) {
                    Picture picture = receiver.receive(Children.PATIENCE);
                    try (SharedBytes pixels = picture.pixels()) {
                        assertThat(picture.title()).isEqualTo(title);
                        assertThat(pixels.toByteArray()).isEqualTo(CONTENT);
                    }
                }
                assertThat(receiver.tryReceive()).isNull();
            }
        }
    }
}
