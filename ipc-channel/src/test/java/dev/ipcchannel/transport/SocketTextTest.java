package dev.ipcchannel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.ipcchannel.Codec;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.RemoteFailure;
import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.stream.SocketHello;
import dev.ipcchannel.testing.ForeignText;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Text from the other side of a Unix socket, before the link is open, in exceptions here.
@Timeout(60)
class SocketTextTest {

    private static final String HOSTILE = ForeignText.hostile();

    @Test
    void refusalOfAParent() {
        for (byte kind : new byte[]{0, 1, 2}) {
            byte[] text = HOSTILE.getBytes(UTF_8);
            byte[] bytes = ByteBuffer.allocate(1 + text.length).put(kind).put(text).array();

            ForeignText.assertFailsFitToBeShown(() -> {
                throw SocketFailures.refused(Refusal.read(bytes), true);
            });
        }
    }

    @Test
    void typesInAChildsGreeting() {
        SocketHello here = SocketHello.of(Codec.of(RemoteFailure.class).description(),
                Codec.utf8().description());
        LinkTypes types = LinkTypes.of(TypeToken.of(String.class),
                TypeToken.of(RemoteFailure.class));
        String part = ForeignText.shortened(50);
        for (String said : new String[]{HOSTILE, "binary:" + HOSTILE, "binary:{" + part + ":i32}",
            part + ":{}"}) {
            SocketHello there = requireNonNull(SocketHello.read(
                    new SocketHello(here.magic(), here.version(), said, said).toFrame().bytes()));

            TypeMismatch mismatch = requireNonNull(types.mismatch(there));
            ForeignText.assertFitToBeShown(requireNonNull(mismatch.getMessage()));
            ForeignText.assertFitToBeShown(
                    requireNonNull(types.of(mismatch, "a test").getMessage()));
            ForeignText.assertFitToBeShown(requireNonNull(types.forChild(mismatch)));
        }
    }
}
