package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes that are written once and shared.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedBytesTest {

    private static final int MEBIBYTE = 1 << 20;

    /// A message with shared bytes beside others.
    record Picture(String name, SharedBytes pixels) {}

    @RegisterExtension
    final Children children = new Children();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4096, MEBIBYTE})
    void bothSidesSeeTheBytes(int length) throws Exception {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0xba);
        try (Channel<Picture> channel = Channel.create(Picture.class);
                SharedBytes sent = SharedBytes.of(bytes)) {
            channel.sender().send(new Picture("all the same", sent));
            try (SharedBytes received = channel.receiver().receive(Children.PATIENCE).pixels()) {
                assertThat(received.length()).isEqualTo(length);
                assertThat(received.toByteArray()).isEqualTo(bytes);
                assertThat(received).isEqualTo(sent).hasSameHashCodeAs(sent);
            }
            assertThat(sent.toByteArray()).as("not used up").isEqualTo(bytes);
        }
    }

    @Test
    void equalityIsThatOfTheBytes() {
        try (SharedBytes one = SharedBytes.of(new byte[]{4, 2, 42});
                SharedBytes same = SharedBytes.of(new byte[]{4, 2, 42});
                SharedBytes other = SharedBytes.of(new byte[]{4, 2, 43});
                SharedBytes shorter = SharedBytes.of(new byte[]{4, 2});
                SharedBytes empty = SharedBytes.of(new byte[0]);
                SharedBytes alsoEmpty = SharedBytes.of(new byte[0])) {
            assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other)
                    .isNotEqualTo(shorter).isNotEqualTo(empty).isNotEqualTo("42");
            assertThat(empty).isEqualTo(alsoEmpty).hasSameHashCodeAs(alsoEmpty);
        }
    }

    @Test
    void bytesAreWrittenInPlaceAndNeverAfterwards() {
        AtomicReference<MemorySegment> kept = new AtomicReference<>(MemorySegment.NULL);
        try (SharedBytes bytes = SharedBytes.create(Long.BYTES, segment -> {
            segment.set(ValueLayout.JAVA_LONG, 0, 42);
            kept.set(segment);
        })) {
            assertThat(bytes.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
            assertThatThrownBy(() -> bytes.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> kept.get().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void takingThemEndsTheObject() {
        SharedBytes bytes = SharedBytes.of(new byte[]{1, 2, 3});
        SharedBytes empty = SharedBytes.of(new byte[0]);

        assertThat(bytes.take()).containsExactly(1, 2, 3);
        assertThat(empty.take()).isEmpty();

        assertThatThrownBy(() -> bytes.segment().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bytes).hasToString("SharedBytes[length=3, closed]");
        bytes.close();
    }

    @Test
    void closedBytesAreNotSent() {
        try (Channel<Picture> channel = Channel.create(Picture.class)) {
            SharedBytes bytes = SharedBytes.of(new byte[]{1});
            bytes.close();

            assertThatThrownBy(() -> channel.sender().send(new Picture("gone", bytes)))
                    .isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void writerThatThrowsLeavesNothing() {
        assertThatThrownBy(() -> SharedBytes.create(8, _ -> {
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SharedBytes.create(8, _ -> {
            throw new AssertionError("no");
        })).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> SharedBytes.create(-1, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("length=-1");
    }

    @Test
    void moreThanThereIsMemoryForIsAnErrorThatSaysSo() {
        assertThatThrownBy(() -> SharedBytes.create(1L << 45, _ -> {}))
                .isInstanceOf(ResourceExhausted.class);
    }
}
