package dev.ipcchannel.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.RefusedMemoryException;
import dev.ipcchannel.internal.posix.SharedMemory;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.ring.RingReader;
import dev.ipcchannel.internal.ring.RingViolation;
import dev.ipcchannel.internal.ring.RingWriter;
import dev.ipcchannel.internal.ring.SegmentMemory;
import dev.ipcchannel.testing.Children;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The reading of spilled records and retirements, and that it believes nothing of them.
@Timeout(30)
class SpillTableTest {

    private static final int RING = 4096;
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int MAX_MESSAGE = 128 * MIB;
    private static final int MAX_FILES = 64;

    @RegisterExtension
    final Children children = new Children(); // nothing is left of what was refused

    private final SegmentMemory region =
            new SegmentMemory(Arena.ofAuto().allocate(RingLayout.regionLength(RING), 64));
    private final RingWriter writer = new RingWriter(region, RING, 0);
    private final RingReader reader = new RingReader(region, RING, 0);
    private final SpillTable table = new SpillTable(MAX_MESSAGE);

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void fileIsKnownByItsIdFromItsFirstRecordOn() {
        try (SharedMemory memory = SharedMemory.create(64 * KIB);
                Descriptor end = memory.file().duplicate()) {
            memory.segment().fill((byte) 7);

            assertThat(open(5, 3, 64 * KIB, memory.file().duplicate(), end)).containsExactly(end);
            assertThat(table.length()).isEqualTo(3);
            byte[] target = new byte[4];
            table.copyOut(target);
            assertThat(target).containsExactly(7, 7, 7, 0);

            assertThat(open(5, 64 * KIB, 0)).isEmpty();
            assertThat(table.length()).isEqualTo(64 * KIB);
        }
    }

    @Test
    void idOfTheWritersIsAnyWord() {
        assertThat(open(-1, 0, 64 * KIB, file(64 * KIB))).isEmpty();
        assertThat(open(Long.MIN_VALUE, 0, 64 * KIB, file(64 * KIB))).isEmpty();
        assertThat(open(-1, 1, 0)).isEmpty();
    }

    @Test
    void unknownIdIsAViolation() {
        assertRefused(() -> open(1, 8, 0), "unknown", "id=1");
    }

    @Test
    void idUsedTwiceIsAViolation() {
        open(1, 8, 64 * KIB, file(64 * KIB));

        assertRefused(() -> open(1, 8, 64 * KIB, file(64 * KIB)), "refused", "id=1");
    }

    @Test
    void lengthOutOfBoundsIsAViolation() {
        open(1, 8, 64 * KIB, file(64 * KIB));

        assertRefused(() -> open(1, 64 * KIB + 1, 0), "length=65537");
        assertRefused(() -> open(1, -1, 0), "length=-1");
        assertRefused(() -> open(1, 1L << 32, 0), "length=4294967296");
    }

    @Test
    void lengthAboveTheLongestMessageIsAViolation() {
        try (Descriptor memory = file(64 * KIB)) {
            SpillTable strict = new SpillTable(100);

            assertRefused(() -> open(strict, 1, 101, 64 * KIB, memory), "length=101", "limit=100");
            strict.close();
        }
    }

    @Test
    void missingFileIsAViolation() {
        assertRefused(() -> open(1, 8, 64 * KIB), "missing");
    }

    @Test
    void capacityThatNoWriterWouldTakeIsAViolation() {
        assertRefused(() -> open(1, 8, 4096, file(4096)), "capacity=4096");
        assertRefused(() -> open(1, 8, 96 * KIB, file(96 * KIB)), "capacity=98304");
        assertRefused(() -> open(1, 8, 256 * MIB, file(64 * KIB)), "capacity=268435456");
        assertRefused(() -> open(1, 8, -64 * KIB, file(64 * KIB)), "capacity=-65536");
    }

    @Test
    void fileOfAnotherLengthIsRefused() {
        assertThatThrownBy(() -> open(1, 8, 128 * KIB, file(64 * KIB)))
                .isInstanceOf(RefusedMemoryException.class);
    }

    @Test
    void moreFilesThanAWriterMayHaveAreAViolation() {
        for (int i = 0; i < MAX_FILES; i++) {
            open(i, 8, 64 * KIB, file(64 * KIB));
        }
        assertRefused(() -> open(MAX_FILES, 8, 64 * KIB, file(64 * KIB)), "files=64", "limit=64");
    }

    @Test
    void fileBeyondThoseThatTheProcessKeepsIsLetGoWithItsMessage() {
        List<SpillTable> others = new ArrayList<>();
        for (int i = 0; i < SpillTable.MAX_KEPT; i++) {
            if (i % MAX_FILES == 0) {
                others.add(new SpillTable(MAX_MESSAGE));
            }
            open(others.getLast(), i, 8, 64 * KIB, file(64 * KIB));
        }
        long before = Children.mappings();

        open(1, 8, 64 * KIB, file(64 * KIB));

        assertThat(table.view().byteSize()).isEqualTo(64 * KIB);
        assertThat(table.files()).isZero();
        assertThat(writer.filesLetGo() & 1).isEqualTo(1);
        table.consumed();
        assertThat(Children.mappings()).isEqualTo(before);
        assertRefused(() -> open(1, 8, 0), "unknown");
        others.forEach(SpillTable::close);
        open(2, 8, 64 * KIB, file(64 * KIB));
        assertThat(table.files()).isEqualTo(1);
        assertThat(writer.filesLetGo() & 0b11).isEqualTo(0b01);
    }

    @Test
    void moreBytesThanAWriterMayHaveAreAViolation() {
        open(1, 8, 64 * MIB, file(64 * MIB));
        open(2, 8, 16 * MIB, file(16 * MIB));

        assertRefused(() -> open(3, 8, 64 * KIB, file(64 * KIB)), "bytes=83886080");
    }

    @Test
    void retiredFileIsUnknownAndMakesPlace() {
        open(1, 8, 64 * MIB, file(64 * MIB));
        open(2, 8, 16 * MIB, file(16 * MIB));

        retire(1);

        assertRefused(() -> open(1, 8, 0), "unknown");
        assertThat(open(3, 8, 64 * MIB, file(64 * MIB))).isEmpty();
    }

    @Test
    void retirementOfAnUnknownFileIsAViolation() {
        open(1, 8, 64 * KIB, file(64 * KIB));

        assertRefused(() -> retire(1, 1), "unknown", "id=1");
    }

    @Test
    void retirementOfNothingIsAViolation() {
        assertRefused(this::retire, "retirement", "length=0");
    }

    @Test
    void recordOfAnotherLengthIsAViolation() {
        writer.claim(16);
        writer.commitSpilled(0, 0);

        reader.poll();
        assertRefused(() -> table.open(reader, List.of()), "length=16", "needed=24");
    }

    private List<Descriptor> open(long id, long length, long capacity, Descriptor... descriptors) {
        return open(table, id, length, capacity, descriptors);
    }

    private List<Descriptor> open(SpillTable into, long id, long length, long capacity,
            Descriptor... descriptors) {
        writer.claim(24);
        writer.putWord(0, id);
        writer.putWord(1, length);
        writer.putWord(2, capacity);
        writer.commitSpilled(0, 0);
        poll();
        assertThat(reader.isSpilled()).isTrue();
        List<Descriptor> left = into.open(reader, List.of(descriptors));
        return left;
    }

    private void retire(long... ids) {
        writer.claim(ids.length * Long.BYTES);
        for (int i = 0; i < ids.length; i++) {
            writer.putWord(i, ids[i]);
        }
        writer.commitRetirement();
        poll();
        assertThat(reader.isRetirement()).isTrue();
        table.retire(reader);
    }

    /// Moves to the record committed last.
    private void poll() {
        assertThat(reader.poll()).isTrue();
        while (reader.position() + 64 < writer.position()) {
            reader.consume();
            assertThat(reader.poll()).isTrue();
        }
        reader.publish();
    }

    private static Descriptor file(long capacity) {
        try (SharedMemory memory = SharedMemory.create(capacity)) {
            return memory.file().duplicate();
        }
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatExceptionOfType(RingViolation.class).isThrownBy(call)
                .withMessageContainingAll(words);
    }
}
