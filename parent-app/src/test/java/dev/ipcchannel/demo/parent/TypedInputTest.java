package dev.ipcchannel.demo.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TypedInputTest {

    @Test
    void endAfterALineThatIsNotEndedIsTheEndOfAll() throws IOException {
        InputStream terminal = new Terminal("one\ntwo", "three\n");

        BufferedReader lines = new BufferedReader(
                new InputStreamReader(new TypedInput(terminal), StandardCharsets.UTF_8));

        assertThat(lines.readLine()).isEqualTo("one");
        assertThat(lines.readLine()).isEqualTo("two");
        assertThat(lines.readLine()).isNull();
        assertThat(lines.readLine()).isNull();
    }

    @Test
    void singleBytesEndOnceAsWell() throws IOException {
        InputStream input = new TypedInput(new Terminal("a", "b"));

        assertThat(List.of(input.read(), input.read(), input.read())).containsExactly((int) 'a', -1,
                -1);
    }

    /// Input that continues after each end, as a terminal does after Ctrl-D.
    private static final class Terminal extends InputStream {

        private final ArrayDeque<InputStream> parts = new ArrayDeque<>();

        Terminal(String... texts) {
            for (String text : texts) {
                parts.add(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            }
        }

        @Override
        public int read() throws IOException {
            int read = parts.isEmpty() ? -1 : parts.getFirst().read();
            if (read < 0) {
                parts.poll();
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = parts.isEmpty() ? -1 : parts.getFirst().read(bytes, offset, length);
            if (read < 0) {
                parts.poll();
            }
            return read;
        }
    }
}
