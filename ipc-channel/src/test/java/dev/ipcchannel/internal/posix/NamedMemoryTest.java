package dev.ipcchannel.internal.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Waits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The end of a mapped file, and what runs once no thread can write to it any more.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedMemoryTest {

    private static final int LENGTH = 1 << 20; // more than a pipe takes

    @TempDir
    Path folder = Path.of("");

    private NamedMemory open() {
        return NamedMemory.open(folder.resolve("memory"), LENGTH);
    }

    private boolean isMapped() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.anyMatch(line -> line.contains(folder.toString()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The kernel can still read the bytes, as for a wake on a word of them, but no thread can.
    @Test
    void lastStepRunsOnceBetweenTheEndOfTheSegmentAndThatOfTheMapping() {
        NamedMemory memory = open();
        List<String> steps = new ArrayList<>();
        Runnable last = () -> steps.add("alive=%s, mapped=%s"
                .formatted(memory.segment().scope().isAlive(), isMapped()));

        memory.close(last);
        assertThat(steps).containsExactly("alive=false, mapped=true");
        assertThat(isMapped()).isFalse();

        memory.close(last);
        memory.close();
        assertThat(steps).hasSize(1);
    }

    @Test
    void closeThatIsRefusedRunsNoLastStepAndTheNextOneDoes() throws Exception {
        NamedMemory memory = open();
        List<String> steps = new ArrayList<>();
        Runnable last = () -> steps.add("last");
        Pipe pipe = Pipe.open();
        Waits<Void> writing;
        try (Pipe.SourceChannel source = pipe.source()) {
            ByteBuffer bytes = memory.segment().asByteBuffer();
            writing = Waits.run(() -> {
                while (bytes.hasRemaining()) {
                    int _ = pipe.sink().write(bytes);
                }
            });
            assertThat(source.read(ByteBuffer.allocate(1))).isEqualTo(1); // the kernel has them

            assertThatThrownBy(() -> memory.close(last)).isInstanceOf(IllegalStateException.class);
            assertThat(steps).isEmpty();
            assertThat(isMapped()).isTrue();
            assertThat(memory.segment().scope().isAlive()).isTrue();
        }
        writing.failure().isInstanceOf(IOException.class); // nothing reads it any more
        pipe.sink().close();

        memory.close(last);
        assertThat(steps).containsExactly("last");
        assertThat(isMapped()).isFalse();
    }
}
