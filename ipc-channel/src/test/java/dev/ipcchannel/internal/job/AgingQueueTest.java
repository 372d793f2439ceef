package dev.ipcchannel.internal.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The order of entries of a queue, by arrival and head start.
@Timeout(20)
class AgingQueueTest {

    /// An entry that came at a time, with a head start.
    private record One(long number, long arrival, long start) implements AgingQueue.Entry {

        @Override
        public long rank() {
            return arrival - start;
        }

        @Override
        public long headStart() {
            return start;
        }
    }

    private static final Comparator<One> BY_RANK =
            Comparator.comparingLong(One::rank).thenComparingLong(One::number);

    private final AgingQueue<One> queue = new AgingQueue<>();
    private long lastNumber;

    private One add(long arrival, long start) {
        One one = new One(++lastNumber, arrival, start);
        queue.add(one);
        return one;
    }

    private List<One> takeAll() {
        List<One> taken = new ArrayList<>();
        for (One first = queue.first(); first != null; first = queue.first()) {
            assertThat(queue.remove(first)).isTrue();
            taken.add(first);
        }
        assertThat(queue.isEmpty()).isTrue();
        return taken;
    }

    @Test
    void entriesWithoutAHeadStartComeInTheirOrder() {
        One first = add(10, 0);
        One second = add(11, 0);
        One third = add(12, 0);

        assertThat(takeAll()).containsExactly(first, second, third);
    }

    @Test
    void entryOvertakesThoseThatCameWithinItsHeadStart() {
        One old = add(10, 0);
        One young = add(60, 0);
        One urgent = add(100, 50);

        assertThat(takeAll()).containsExactly(old, urgent, young);
    }

    @Test
    void laterOnesOvertakeAnEntryThatIsToWait() {
        One patient = add(10, -50);
        One first = add(20, 0);
        One last = add(70, 0);

        assertThat(takeAll()).containsExactly(first, patient, last);
    }

    @Test
    void entriesOfOneRankComeInTheirOrder() {
        One first = add(100, 50);
        One second = add(50, 0);
        One third = add(150, 100);

        assertThat(takeAll()).containsExactly(first, second, third);
    }

    @Test
    void clockThatWrapsAroundChangesNoOrder() {
        One first = add(Long.MAX_VALUE - 1, 0);
        One second = add(Long.MIN_VALUE + 1, 0);
        One urgent = add(Long.MIN_VALUE + 2, 4);

        assertThat(takeAll()).containsExactly(first, urgent, second);
    }

    @Test
    void firstOfAKindIsFoundWhereverItStands() {
        One first = add(10, 0);
        One plain = add(20, 0);
        One urgent = add(30, 15);

        assertThat(queue.first(one -> !one.equals(first))).isSameAs(urgent);
        assertThat(queue.first(plain::equals)).isSameAs(plain);
        assertThat(queue.first(_ -> false)).isNull();
    }

    /// Also with more head starts than there are lanes, and where entries come out of order.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, AgingQueue.MOST_LANES, AgingQueue.MOST_LANES + 1, 100})
    void firstIsTheOneOfTheLeastRankWhateverComesAndGoes(int headStarts) {
        Random random = new Random(headStarts);
        List<One> waiting = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(5) < 3) {
                long arrival = (long) i - (random.nextInt(20) == 0 ? 30 : 0);
                waiting.add(add(arrival, 10L * random.nextInt(headStarts)));
            } else if (!waiting.isEmpty()) {
                One one = random.nextBoolean() ? queue.first()
                        : waiting.get(random.nextInt(waiting.size()));
                assertThat(waiting.remove(one)).isTrue();
                assertThat(queue.remove(requireNonNull(one))).isTrue();
            }
            One least = waiting.stream().min(BY_RANK).orElse(null);
            assertThat(queue.first()).isEqualTo(least);
            assertThat(queue.isEmpty()).isEqualTo(least == null);
        }
        waiting.sort(BY_RANK);
        assertThat(takeAll()).isEqualTo(waiting);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whatIsPutBackHasItsFormerPlace(int seed) {
        Random random = new Random(seed);
        List<One> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(add(i, random.nextInt(3) == 0 ? random.nextInt(-40, 40) : 0));
        }
        for (int i = 0; i < 500; i++) {
            One one = all.get(random.nextInt(all.size()));
            assertThat(queue.remove(one)).isTrue();
            assertThat(queue.remove(one)).isFalse();
            queue.putBack(one);
        }
        all.sort(BY_RANK);

        assertThat(takeAll()).isEqualTo(all);
    }

    /// As when a key gets a worker, and its jobs go there one by one.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyEntriesMoveToAnotherQueueInAMoment(boolean isReversed) {
        AgingQueue<One> other = new AgingQueue<>();
        List<One> all = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            all.add(add(i, 0));
        }
        for (One one : isReversed ? all.reversed() : all) {
            other.putBack(one);
        }
        for (One one : all) {
            assertThat(other.first()).isSameAs(one);
            assertThat(other.remove(one)).isTrue();
        }
    }
}
