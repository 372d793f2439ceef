package dev.ipcchannel.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.internal.ring.RecordingMemory.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A check that the survivor of a killed process finds a whole ring: the real code's stores are
/// recorded, and cut off at every point.
///
/// A process sends up to three messages, or receives them, and closes, in a ring of eight lines. It
/// starts at every line and with every choice of three lengths, so that records wrap, pad, fill the
/// ring, overwrite what was read, reach beyond what is zeroed ahead, and lie where the payload of
/// an aborted claim was. Then, for every count of stores that the process can have made when it
/// dies, and for every set of these that the other process can see ([VisibleStores]), the survivor
/// goes on with the real code. A reader must find exactly the messages whose commit is visible:
/// whole, in order, and the close only after the last. A writer must neither meet a violation nor
/// touch unread bytes. After that the remaining stores arrive late, as a killed process's stores
/// do, and the survivor goes on once more.
///
/// The last tests take an order away, to see that a flaw would be found.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashReplayTest {

    private static final List<Integer> LENGTHS = List.of(0, 56, 57, 120, 248); // 1, 2 and 4 lines
    private static final long BEFORE_THE_SIGN_CHANGES = Long.MAX_VALUE - ReplayRegion.CAPACITY + 1;

    @ParameterizedTest(name = "{0} messages unread, {1} claims given up: at least {2} states")
    @CsvSource({
        "0, 0, 135_000",
        "1, 0, 460_000",
        "2, 0, 1_160_000",
        "3, 0, 1_350_000",
        "0, 3, 435_000",
        "1, 1, 1_320_000",
        "3, 1, 6_050_000",
    })
    void readerFindsWholeMessagesWhereverTheWriterDies(int unread, int givenUp,
            long fewestStates) {
        long states = 0;
        for (long start : starts()) {
            for (List<Integer> lengths : choices()) {
                WriterReplay replay = WriterReplay.record(start, lengths, unread, givenUp);
                assertThat(replay.firstFlaw()).isNull();
                states += replay.states();
            }
        }
        assertThat(states).isGreaterThan(fewestStates);
    }

    @Test
    void writerOverwritesNothingUnreadWhereverTheReaderDies() {
        long states = 0;
        for (long start : starts()) {
            for (List<Integer> lengths : choices()) {
                ReaderReplay replay = ReaderReplay.record(start, lengths);
                assertThat(replay.isInOrder()).isTrue();
                assertThat(replay.firstFlaw()).isNull();
                states += replay.states();
            }
        }
        assertThat(states).isGreaterThan(6_500);
    }

    @Test
    void headerThatIsNoReleaseIsSeenBeforeItsPayload() {
        assertThat(flawWith(store -> isHeader(store) ? store.asPlain() : store))
                .startsWith("message 0 is not whole");
    }

    @ParameterizedTest(name = "at {0}")
    @ValueSource(longs = {448, 0, 64}) // after the first record, and further ahead
    void withoutTheZeroAfterARecordTheReaderRunsIntoTheLastLap(long place) {
        UnaryOperator<Store> mutant =
                store -> store.isPlainZero() && store.offset() == place ? store.asNothing() : store;

        assertThat(flawWith(mutant)).startsWith("a record that was not committed is found");
    }

    @Test
    void closeThatIsNoReleaseIsSeenBeforeTheLastMessage() {
        long closed = RingLayout.writerClosed(ReplayRegion.CAPACITY);

        assertThat(flawWith(store -> store.offset() == closed ? store.asPlain() : store))
                .startsWith("the end comes at the wrong place");
    }

    private static @Nullable String flawWith(UnaryOperator<Store> mutant) {
        return WriterReplay.record(384, List.of(24, 24, 24), 3, 0).with(mutant).firstFlaw();
    }

    private static boolean isHeader(Store store) {
        return store.isRelease() && store.offset() < ReplayRegion.CAPACITY;
    }

    private static List<Long> starts() {
        List<Long> starts = new ArrayList<>();
        for (long index = 0; index < ReplayRegion.CAPACITY; index += RecordHeader.ALIGNMENT) {
            starts.add(BEFORE_THE_SIGN_CHANGES + index);
        }
        return starts;
    }

    private static List<List<Integer>> choices() {
        List<List<Integer>> choices = new ArrayList<>();
        for (int first : LENGTHS) {
            for (int second : LENGTHS) {
                for (int third : LENGTHS) {
                    choices.add(List.of(first, second, third));
                }
            }
        }
        return choices;
    }
}
