package dev.ipcchannel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Messages too long for the ring that are written or read in place.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpilledInPlaceTest {

    private static final int MIB = 1024 * 1024;

    @RegisterExtension
    final Children children = new Children();

    private final Channel<byte[]> channel = Channel.create(byte[].class,
            ChannelOptions.defaults().withCapacity(4096));

    @AfterEach
    void close() {
        channel.close();
    }

    @Test
    void claimOfALongMessageIsWrittenAndReadInPlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Claim claim = channel.sender().claim(MIB)) {
                assertThat(claim.length()).isEqualTo(MIB);
                claim.payload().fill((byte) i);
                claim.commit();
            }
        }
        List<Byte> seen = new ArrayList<>();
        int handled = 0;
        while (handled < 3) {
            handled += channel.receiver().receive((memory, offset, length) -> {
                assertThat(length).isEqualTo(MIB);
                assertThat(memory.isReadOnly()).isTrue();
                seen.add(memory.get(JAVA_BYTE, offset + length - 1));
            }, 10);
        }
        assertThat(seen).containsExactly((byte) 0, (byte) 1, (byte) 2);
    }

    @Test
    void claimGivenUpLeavesNothingAndItsFileIsUsedByTheNext() throws Exception {
        for (int i = 0; i < 200; i++) { // more than there may be files, or parts unread
            try (Claim claim = channel.sender().claim(MIB)) {
                claim.payload().fill((byte) 1);
            }
        }
        assertThat(channel.receiver().tryReceive()).isNull();

        channel.sender().send(filled(2, MIB));
        assertThat(channel.receiver().receive()).containsOnly(2);
    }

    @Test
    void spaceOfAMessageReadInPlaceIsGivenBackAfterTheHandler() throws Exception {
        channel.sender().send(filled(1, 40 * MIB));
        channel.receiver().receive((memory, offset, length) -> {
            assertThat(channel.sender().trySend(filled(2, 40 * MIB))).isEqualTo(SendOutcome.FULL);
            assertThat(memory.get(JAVA_BYTE, offset)).isEqualTo((byte) 1);
        }, 1);

        assertThat(channel.sender().trySend(filled(2, 40 * MIB))).isEqualTo(SendOutcome.SENT);
        assertThat(channel.receiver().receive()[0]).isEqualTo((byte) 2);
    }

    @Test
    void viewsKeptTooLongFailCleanly() throws Exception {
        List<MemorySegment> kept = new ArrayList<>();
        Claim claim = channel.sender().claim(MIB);
        kept.add(claim.memory());
        claim.commit();
        channel.receiver().receive((memory, _, _) -> kept.add(memory), 1);

        channel.close();

        assertThat(kept).hasSize(2).allSatisfy(view -> assertThatThrownBy(
                () -> view.get(JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class));
    }

    private static byte[] filled(int value, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) value);
        return message;
    }
}
