package dev.ipcchannel.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.end.KnownFile;
import dev.ipcchannel.internal.end.SpillFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The files that many lanes share: which lane holds a file, when the file is used again, and which
/// files go.
@Timeout(30)
class SpillPoolTest {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final SpillPool pool = SpillPool.shared(4L * MIB, 8);
    private final List<Lane> lanes = new ArrayList<>();
    private final Lane first = lane();
    private final Lane second = lane();

    @AfterEach
    void close() {
        lanes.forEach(Lane::close);
        assertThat(pool.bytes()).isZero();
    }

    @Test
    void lanesClaimTheSameFileForAMessage() {
        SpillFile file = first.claim(MIB);

        assertThat(second.claim(MIB)).isSameAs(file);
        assertThat(pool.bytes()).isEqualTo(MIB);
    }

    @Test
    void messageThatIsShownIsInNoOtherFile() {
        SpillFile file = sendToAll(MIB);

        assertThat(first.claim(MIB)).isNotSameAs(file);
    }

    @Test
    void oneLaneThatHasShownItKeepsTheFileFromTheNextMessage() {
        SpillFile file = first.claim(MIB);
        second.claim(MIB);
        first.commit();
        second.abort();

        assertThat(second.claim(MIB)).isNotSameAs(file);
    }

    @Test
    void fileIsUsedAgainOnceAllHavePassed() {
        SpillFile file = sendToAll(MIB);
        first.pass();
        assertThat(sendToAll(MIB)).isNotSameAs(file);

        second.pass();

        assertThat(sendToAll(MIB)).isSameAs(file);
    }

    @Test
    void fileIsUsedAgainOnceALaneHasEndedWhoseReaderIsGone() {
        SpillFile file = sendToAll(MIB);
        first.pass();

        second.end(true);

        assertThat(first.claim(MIB)).isSameAs(file);
    }

    @Test
    void fileOfALaneThatHasEndedIsWrittenNoMoreWhileItsReaderReads() {
        SpillFile file = sendToAll(MIB);
        first.pass();

        second.end(false);

        assertThat(first.claim(MIB)).isNotSameAs(file);
        assertThat(pool.bytes()).as("what is unread is its reader's").isEqualTo(MIB);
        assertThat(first.uses.mayHaveExcess()).isTrue();
        assertThat(first.uses.takeExcess(null)).singleElement()
                .satisfies(known -> assertThat(known.file()).isSameAs(file));
    }

    @Test
    void claimGivenUpByAllIsOfTheNextMessage() {
        SpillFile file = first.claim(MIB);
        second.claim(MIB);
        first.abort();
        second.abort();

        assertThat(first.claim(MIB)).isSameAs(file);
        assertThat(pool.bytes()).isEqualTo(MIB);
    }

    @Test
    void claimThatAThreadHasLeftIsReplacedByOneOfAnotherLength() {
        SpillFile left = first.claim(MIB);
        second.claim(MIB);

        first.abort(); // as the lane's next claim does
        SpillFile file = first.claim(2 * MIB);
        second.abort();

        assertThat(second.claim(2 * MIB)).isSameAs(file).isNotSameAs(left);
        first.abort();
        second.abort();
        assertThat(first.claim(MIB)).isSameAs(left);
    }

    @Test
    void newLaneKnowsNothingAndTheOthersWhatTheyHad() {
        SpillFile file = sendToAll(MIB);
        lanes.forEach(Lane::pass);
        Lane late = lane();

        assertThat(sendToAll(MIB)).isSameAs(file);
        assertThat(late.isNew).isTrue();
        assertThat(first.isNew).isFalse();
    }

    @Test
    void fileThatOneReaderHasNotKeptComesToItAgain() {
        SpillFile file = sendToAll(MIB);
        first.pass();
        second.uses.release(second.end, 1);

        assertThat(sendToAll(MIB)).isSameAs(file);
        assertThat(first.isNew).isFalse();
        assertThat(second.isNew).isTrue();
    }

    @Test
    void laneThatPinsTheOldestFilesHasNoRoomBeyondTheBoundOfAll() {
        for (int i = 0; i < 4; i++) {
            sendToAll(MIB);
            first.pass();
        }

        assertThat(first.uses.hasRoom(MIB)).isTrue();
        assertThat(second.uses.hasRoom(MIB)).isFalse();
        assertThat(second.uses.positionWithRoom(MIB)).isEqualTo(1);
        assertThat(second.uses.positionWithRoom(2 * MIB)).isEqualTo(2);
        second.uses.release(1, 0);
        assertThat(second.uses.hasRoom(MIB)).isTrue();
        assertThat(second.uses.hasRoom(2 * MIB)).isFalse();
    }

    @Test
    void laneThatPinsNewerFilesOnlyHasRoomBeyondTheBoundOfAll() {
        sendToAll(MIB);
        sendToAll(MIB);
        first.pass();
        sendToAll(MIB);
        sendToAll(MIB);

        assertThat(first.uses.hasRoom(2 * MIB)).isTrue();
        assertThat(second.uses.hasRoom(2 * MIB)).isFalse();
    }

    @Test
    void messageThatIsLongerThanTheBoundOfAllGoesAlone() {
        assertThat(first.uses.hasRoom(16 * MIB)).isTrue();
        sendToAll(1);
        assertThat(first.uses.hasRoom(16 * MIB)).isFalse();
    }

    @Test
    void boundOfAllIsOneOfFilesToo() {
        for (int i = 0; i < 8; i++) {
            assertThat(second.uses.hasRoom(1)).isTrue();
            sendToAll(1);
            first.pass();
        }
        assertThat(first.uses.hasRoom(1)).isTrue();
        assertThat(second.uses.hasRoom(1)).isFalse();
        assertThat(second.uses.positionWithRoom(1)).isEqualTo(1);
    }

    @Test
    void laneRetiresWhatOthersHoldOnceItWaitsBeyondTheLanesBound() {
        SpillPool large = SpillPool.shared(64L * MIB, 64);
        Lane quick = new Lane(large);
        Lane slow = new Lane(large);
        for (int i = 0; i < 5; i++) {
            for (Lane lane : List.of(quick, slow)) {
                lane.claim(4 * MIB);
            }
            quick.commit();
            slow.commit();
            quick.pass();
        }

        assertThat(quick.uses.takeExcess(null)).hasSize(1);
        assertThat(large.bytes()).as("the slow one has them all").isEqualTo(20L * MIB);
        slow.pass();
        large.retireExcess();
        assertThat(large.bytes()).isEqualTo(16L * MIB);
        quick.close();
        slow.close();
        assertThat(large.bytes()).isZero();
    }

    @Test
    void laneSaysThatAFileIsRetiredOnceItsOwnReaderHasPassedThat() {
        sendToAll(MIB);
        first.end(false); // its reader has the file for good
        assertThat(second.uses.takeExcess(null)).as("in use yet").isEmpty();
        assertThat(second.uses.mayHaveExcess()).isFalse();

        second.pass();

        assertThat(second.uses.mayHaveExcess()).isTrue();
        assertThat(second.uses.takeExcess(null)).hasSize(1);
        assertThat(second.uses.mayHaveExcess()).isFalse();
    }

    private SpillFile sendToAll(int length) {
        lanes.forEach(lane -> lane.claim(length));
        lanes.forEach(Lane::commit);
        SpillFile file = Objects.requireNonNull(lanes.getFirst().last);
        assertThat(lanes).allSatisfy(lane -> assertThat(lane.last).isSameAs(file));
        return file;
    }

    private Lane lane() {
        Lane lane = new Lane(pool);
        lanes.add(lane);
        return lane;
    }

    /// A lane, as its writer handles files. Its records end at 1, 2, 3, …
    private static final class Lane {

        private final SpillPool pool;
        private final SpillUses uses;
        private @Nullable KnownFile claimed;
        private @Nullable SpillFile last;
        private boolean isNew;
        private boolean isOpen = true;
        private long end;

        Lane(SpillPool pool) {
            this.pool = pool;
            this.uses = new SpillUses(pool);
            pool.join();
        }

        SpillFile claim(int length) {
            SpillFile file = pool.claim(length);
            KnownFile known = uses.find(file);
            isNew = known == null;
            claimed = known == null ? uses.name(file) : known;
            return file;
        }

        void commit() {
            KnownFile known = Objects.requireNonNull(claimed);
            claimed = null;
            pool.use(known.file());
            end++;
            uses.use(known, end, isNew);
            last = known.file();
        }

        void abort() {
            pool.letGo(Objects.requireNonNull(claimed).file(), true);
            claimed = null;
        }

        void pass() {
            uses.release(end, 0);
        }

        void end(boolean isReaderGone) {
            isOpen = false;
            uses.close(isReaderGone);
            pool.leave();
        }

        void close() {
            if (claimed != null) {
                abort();
            }
            if (isOpen) {
                end(true);
            }
        }
    }
}
