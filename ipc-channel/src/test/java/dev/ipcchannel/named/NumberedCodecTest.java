package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.Codec;
import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.internal.receive.Gaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes of a broadcast message: its number, then those of its own codec.
@Timeout(30)
class NumberedCodecTest {

    private final Gaps gaps = new Gaps("words");

    @Test
    void numberStandsBeforeTheMessage() {
        NumberedCodec<String> codec = new NumberedCodec<>(Codec.utf8(), gaps);
        byte[] bytes = codec.toBytes("word");

        ByteBuffer read = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(read.getLong()).isZero();
        assertThat(StandardCharsets.UTF_8.decode(read).toString()).isEqualTo("word");
        assertThat(codec.fromBytes(bytes)).isEqualTo("word");
        assertThat(codec.description()).isEqualTo(Codec.utf8().description());
    }

    @Test
    void messageWithoutItsNumberIsNone() {
        NumberedCodec<String> codec = new NumberedCodec<>(Codec.utf8(), gaps);

        assertThatThrownBy(() -> codec.fromBytes(new byte[7])).isInstanceOf(CodecFailed.class);
        assertThat(codec.fromBytes(new byte[8])).isEmpty();
    }
}
