package dev.ipcchannel.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The memory that a reader takes because of the mere word of the other side.
@Timeout(60)
class FrameReaderTest {

    @Test
    void lengthThatIsOnlyAnnouncedTakesNoMemory() {
        List<FrameReader> readers = new ArrayList<>();
        ByteBuffer first = ByteBuffer.wrap(new byte[]{0, 0, 0, 1, 2});
        ByteBuffer announced = ByteBuffer.wrap(new byte[]{0x40, 0, 0, 1, 0, 'x'});
        for (int i = 0; i < 1000; i++) { // 1000 GiB together
            FrameReader reader = FrameReader.ofGreeting(1 << 30);
            reader.read(first.rewind(), _ -> {});
            reader.read(announced.rewind(), _ -> {});
            readers.add(reader);
        }
        assertThat(readers).allMatch(FrameReader::isInsideFrame);
    }
}
