package dev.ipcchannel.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which file a long message gets, when it may have one, and which files go.
@Timeout(30)
class SpillPoolTest {

    private static final int MIB = 1024 * 1024;
    private static final int MAX_FILES = 64;

    private final SpillPool pool = new SpillPool();
    private long end; // of the record used last

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void fileIsFoundAgainOnlyAfterItsRecordHasPassed() {
        SpillFile file = use(MIB);
        pool.release(end - 1, 0);
        assertThat(pool.find(MIB)).isNull();

        pool.release(end, 0);

        assertThat(pool.find(MIB)).isSameAs(file);
        assertThat(pool.find(MIB / 2 + 1)).as("of the same class").isSameAs(file);
        assertThat(pool.find(MIB / 2)).as("of a smaller class").isNull();
        assertThat(pool.find(MIB + 1)).as("of a larger class").isNull();
    }

    @Test
    void fileThatTheReaderHasLetGoIsNotFoundAgain() {
        SpillFile kept = use(MIB);
        use(MIB);
        use(2 * MIB);

        pool.release(end, 0b110); // the first is number 0

        assertThat(pool.bytes()).isEqualTo(MIB);
        assertThat(pool.find(MIB)).isSameAs(kept);
        assertThat(pool.find(2 * MIB)).isNull();
    }

    @Test
    void fileThatTheReaderHasKeptStaysThoughItsNumberComesAgain() {
        SpillFile kept = use(MIB);
        pool.release(end, 0);
        for (int i = 1; i < MAX_FILES; i++) {
            use(1);
            pool.release(end, 0);
        }
        long bytes = pool.bytes();
        end++;
        pool.use(kept, end, false);
        use(1); // number 0 again

        pool.release(end, 1);

        assertThat(pool.find(MIB)).isSameAs(kept);
        assertThat(pool.bytes()).as("without the last one").isEqualTo(bytes);
    }

    @Test
    void fileUsedLastIsFoundFirst() {
        use(MIB);
        SpillFile second = use(MIB);

        pool.release(end, 0);

        assertThat(pool.find(MIB)).isSameAs(second);
    }

    @Test
    void idsAreNeverGivenTwice() {
        SpillFile first = use(MIB);
        pool.release(end, 0);
        pool.takeExcess(null, MAX_FILES).forEach(SpillFile::close);

        assertThat(pool.create(MIB).id()).isGreaterThan(first.id());
    }

    @Test
    void roomEndsAt64Mib() {
        use(48 * MIB / 2 + 1); // takes 32
        use(16 * MIB);
        assertThat(pool.hasRoom(16 * MIB)).isTrue();
        assertThat(pool.hasRoom(16 * MIB + 1)).isFalse();
    }

    @Test
    void oneFileHasRoomWhateverItsLength() {
        assertThat(pool.hasRoom(1024 * MIB)).isTrue();
        use(1);
        assertThat(pool.hasRoom(64 * MIB)).isFalse();
    }

    @Test
    void roomEndsWithTheNumberOfFiles() {
        for (int i = 0; i < MAX_FILES; i++) {
            assertThat(pool.hasRoom(1)).isTrue();
            use(1);
        }
        assertThat(pool.hasRoom(1)).isFalse();

        pool.release(1, 0);
        assertThat(pool.hasRoom(1)).isTrue();
    }

    @Test
    void positionWithRoomIsPastAsManyRecordsAsItTakes() {
        for (int i = 0; i < 60; i++) {
            use(MIB); // ends at 1, 2, 3, ...
        }
        assertThat(pool.positionWithRoom(4 * MIB)).isZero();
        assertThat(pool.positionWithRoom(8 * MIB)).isEqualTo(4);
        assertThat(pool.positionWithRoom(64 * MIB)).isEqualTo(60);

        pool.release(10, 0);
        assertThat(pool.positionWithRoom(8 * MIB)).isEqualTo(10);
    }

    @Test
    void largestIdleFilesGoUntilTheRestIsWithinTheBound() {
        use(MIB);
        use(8 * MIB);
        use(16 * MIB);
        use(2 * MIB);
        pool.release(end, 0);
        assertThat(pool.mayHaveExcess()).isTrue();

        assertThat(pool.takeExcess(null, 0)).singleElement()
                .satisfies(file -> assertThat(file.capacity()).isEqualTo(16 * MIB))
                .satisfies(SpillFile::close);
        assertThat(pool.mayHaveExcess()).isFalse();
        assertThat(pool.takeExcess(null, 0)).isEmpty();
    }

    @Test
    void fileAboutToBeUsedDoesNotGo() {
        SpillFile file = use(32 * MIB);
        pool.release(end, 0);

        assertThat(pool.takeExcess(file, 0)).isEmpty();
        assertThat(pool.find(32 * MIB)).isSameAs(file);
    }

    @Test
    void filesInUseDoNotGo() {
        use(32 * MIB);

        assertThat(pool.mayHaveExcess()).isTrue();
        assertThat(pool.takeExcess(null, 0)).isEmpty();
    }

    @Test
    void oldestIdleFileMakesPlaceForANewOne() {
        SpillFile oldest = use(1);
        for (int i = 1; i < MAX_FILES; i++) {
            use(1);
        }
        pool.release(end, 0);
        assertThat(pool.takeExcess(null, 0)).isEmpty();

        assertThat(pool.takeExcess(null, 1)).containsExactly(oldest);
        oldest.close();
    }

    /// Uses a new file for a record of its own.
    private SpillFile use(int length) {
        SpillFile file = pool.create(length);
        end++;
        pool.use(file, end, true);
        return file;
    }
}
