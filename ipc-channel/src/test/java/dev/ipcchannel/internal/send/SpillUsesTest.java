package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.end.KnownFile;
import dev.ipcchannel.internal.end.SpillFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The choices for a long message of a lane: when it may be sent, in which file, and which files
/// its reader is to close.
@Timeout(30)
class SpillUsesTest {

    private static final int MIB = 1024 * 1024;
    private static final int MAX_FILES = 64;

    private final SpillPool pool = SpillPool.ofOneLane();
    private final SpillUses uses = new SpillUses(pool);
    private long end; // of the record used last

    @BeforeEach
    void join() {
        pool.join();
    }

    @AfterEach
    void close() {
        uses.close(true);
        pool.leave();
        assertThat(pool.bytes()).isZero();
    }

    @Test
    void fileIsUsedAgainOnlyAfterItsRecordHasPassed() {
        SpillFile file = use(MIB);
        uses.release(end - 1, 0);
        assertThat(peek(MIB)).isNotSameAs(file);

        uses.release(end, 0);

        assertThat(peek(MIB)).isSameAs(file);
        assertThat(peek(MIB / 2 + 1)).as("of the same class").isSameAs(file);
        assertThat(peek(MIB / 2)).as("of a smaller class").isNotSameAs(file);
        assertThat(peek(MIB + 1)).as("of a larger class").isNotSameAs(file);
    }

    @Test
    void fileThatTheReaderHasLetGoIsGone() {
        SpillFile kept = use(MIB);
        use(MIB);
        use(2 * MIB);

        uses.release(end, 0b110); // the first is number 0

        assertThat(pool.bytes()).isEqualTo(MIB);
        assertThat(peek(MIB)).isSameAs(kept);
    }

    @Test
    void fileThatTheReaderHasKeptStaysThoughItsNumberComesAgain() {
        SpillFile kept = use(MIB);
        uses.release(end, 0);
        for (int i = 1; i < MAX_FILES; i++) {
            use(i % 2 == 1 ? 1 : 64 * 1024 + 1);
            uses.release(end, 0);
            assertThat(uses.takeExcess(null)).isEmpty();
        }
        assertThat(use(MIB)).isSameAs(kept);

        uses.release(end, 1);

        assertThat(peek(MIB)).isSameAs(kept);
    }

    @Test
    void fileUsedLastIsUsedFirst() {
        use(MIB);
        SpillFile second = use(MIB);

        uses.release(end, 0);

        assertThat(peek(MIB)).isSameAs(second);
    }

    @Test
    void idsAreNeverGivenTwice() {
        KnownFile first = uses.name(use(MIB));
        SpillFile second = use(MIB);

        assertThat(uses.name(second).id()).isGreaterThan(first.id());
    }

    @Test
    void roomEndsAt64Mib() {
        use(48 * MIB / 2 + 1); // takes 32
        use(16 * MIB);
        assertThat(uses.hasRoom(16 * MIB)).isTrue();
        assertThat(uses.hasRoom(16 * MIB + 1)).isFalse();
    }

    @Test
    void oneFileHasRoomWhateverItsLength() {
        assertThat(uses.hasRoom(1024 * MIB)).isTrue();
        use(1);
        assertThat(uses.hasRoom(64 * MIB)).isFalse();
    }

    @Test
    void roomEndsWithTheNumberOfFiles() {
        for (int i = 0; i < MAX_FILES; i++) {
            assertThat(uses.hasRoom(1)).isTrue();
            use(1);
        }
        assertThat(uses.hasRoom(1)).isFalse();

        uses.release(1, 0);
        assertThat(uses.hasRoom(1)).isTrue();
    }

    @Test
    void positionWithRoomIsPastAsManyRecordsAsItTakes() {
        for (int i = 0; i < 60; i++) {
            use(MIB); // ends at 1, 2, 3, ...
        }
        assertThat(uses.positionWithRoom(4 * MIB)).isZero();
        assertThat(uses.positionWithRoom(8 * MIB)).isEqualTo(4);
        assertThat(uses.positionWithRoom(64 * MIB)).isEqualTo(60);

        uses.release(10, 0);
        assertThat(uses.positionWithRoom(8 * MIB)).isEqualTo(10);
    }

    @Test
    void largestFilesGoUntilTheRestIsWithinTheBound() {
        use(MIB);
        use(8 * MIB);
        SpillFile largest = use(16 * MIB);
        use(2 * MIB);
        uses.release(end, 0);
        assertThat(uses.mayHaveExcess()).isTrue();

        pool.retireExcess();

        assertThat(uses.takeExcess(null)).singleElement()
                .satisfies(file -> assertThat(file.file()).isSameAs(largest));
        assertThat(pool.bytes()).isEqualTo(11L * MIB);
        assertThat(uses.mayHaveExcess()).isFalse();
        assertThat(uses.takeExcess(null)).isEmpty();
    }

    @Test
    void fileAboutToBeUsedDoesNotGo() {
        SpillFile file = use(32 * MIB);
        uses.release(end, 0);

        SpillFile claimed = pool.claim(32 * MIB);

        assertThat(claimed).isSameAs(file);
        assertThat(uses.takeExcess(uses.find(file))).isEmpty();
        pool.letGo(claimed, true);
        assertThat(uses.find(file)).isNotNull();
    }

    @Test
    void filesInUseDoNotGo() {
        use(32 * MIB);
        pool.retireExcess();

        assertThat(uses.mayHaveExcess()).isTrue();
        assertThat(uses.takeExcess(null)).isEmpty();
    }

    @Test
    void oldestIdleFileMakesPlaceForANewOne() {
        SpillFile oldest = use(1);
        for (int i = 1; i < MAX_FILES; i++) {
            use(1);
        }
        uses.release(end, 0);
        assertThat(uses.takeExcess(null)).isEmpty();

        SpillFile next = pool.claim(MIB);

        assertThat(uses.takeExcess(uses.name(next))).singleElement()
                .satisfies(file -> assertThat(file.file()).isSameAs(oldest));
        pool.letGo(next, true);
    }

    /// The file for the next message of this length, which is not sent.
    private SpillFile peek(int length) {
        SpillFile file = pool.claim(length);
        pool.letGo(file, true);
        return file;
    }

    /// Uses a file for a record of its own.
    private SpillFile use(int length) {
        SpillFile file = pool.claim(length);
        KnownFile known = uses.find(file);
        KnownFile next = known == null ? uses.name(file) : known;
        pool.use(file);
        end++;
        uses.use(next, end, known == null);
        return file;
    }
}
