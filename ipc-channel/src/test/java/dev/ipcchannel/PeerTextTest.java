package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.child.ChildOutput;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.receive.Inbox;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.ForeignText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Text of another process in exceptions, output and logs: short, in one line, and without effect
/// on a terminal.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerTextTest {

    private static final String HOSTILE = ForeignText.hostile();
    // As long as fits into a greeting, and into an end inside a message.
    private static final String TYPE = ForeignText.shortened(500);

    /// A codec that quotes the read text in its exceptions.
    private static final class Quoting implements Codec<String> {

        @Override
        public void encode(String message, Encoder out) {
            out.putString(message);
        }

        @Override
        public String decode(Decoder in) {
            throw new IllegalStateException("no number: " + in.getString());
        }
    }

    @Test
    void typesOfMessagesThatDiffer() {
        for (String theirs : List.of(HOSTILE, TYPE, "binary:" + TYPE, "json:{" + TYPE + ":i32}")) {
            for (Codec<?> codec : List.of(Codec.utf8(), Codec.of(RemoteFailure.class))) {
                ForeignText.assertFailsFitToBeShown(
                        () -> MessageTypes.check(codec, theirs, "a test"));
            }
        }
    }

    @Test
    void endsWhoseTypeAnotherProcessNamed() {
        Sockets.Pair pair = Sockets.pair();
        try (Descriptor _ = pair.first();
                Receiver<String> receiver = new Receiver<>(inbox(pair.second()), Codec.utf8(),
                        new Origin())) {
            ForeignText.assertFitToBeShown(receiver.toString());
            OpaqueReceiver opaque = receiver.erase();
            ForeignText.assertFitToBeShown(opaque.toString());
            ForeignText.assertFailsFitToBeShown(() -> opaque.as(byte[].class));
            opaque.close();
        }
    }

    private static Inbox inbox(Descriptor announcement) {
        assertThat(TYPE.getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(LaneSettings.MAX_MESSAGE_TYPE);
        return new Inbox(announcement, new LaneSettings(4096, 0, 1 << 20, TYPE), null);
    }

    @Test
    void exceptionsOfTheOtherSideOfACall() {
        RemoteFailure failure = new RemoteFailure(HOSTILE, HOSTILE, List.of(HOSTILE, HOSTILE));

        ForeignText.assertFailsFitToBeShown(() -> {
            throw failure.toException("worker 1");
        });
        ForeignText.assertFailsFitToBeShown(() -> {
            throw new CallFailed(HOSTILE, HOSTILE, List.of(HOSTILE));
        });
        ForeignText.assertFailsFitToBeShown(() -> {
            throw new CallFailed(HOSTILE, HOSTILE, HOSTILE, List.of(HOSTILE));
        });
    }

    /// The codec's own exception is the cause, unchanged.
    @Test
    void exceptionOfACodecOfTheUsers() throws Exception {
        try (Channel<String> channel = Channel.create(new Quoting())) {
            channel.sender().send(HOSTILE);

            assertThatThrownBy(() -> channel.receiver().receive(Children.PATIENCE))
                    .isInstanceOf(CodecFailed.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .satisfies(failure -> ForeignText.assertFitToBeShown(
                            String.valueOf(failure.getMessage())));
        }
    }

    @Test
    void linesOfAChildThatHasEnded() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", """
                printf '\\033[2J\\342\\200\\256oops\\n' >&2
                head -c 100000 /dev/zero | tr '\\0' x >&2
                exit 3""").start();
        try (ChildOutput child = ChildOutput.capture(process)) {
            assertThat(child.awaitExit(Children.PATIENCE)).isEqualTo(3);
            assertThat(child.describeEnd()).contains("oops");
            child.describeEnd().lines().forEach(ForeignText::assertFitToBeShown);
        }
    }
}
