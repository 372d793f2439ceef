package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.WorkersBusy;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams of jobs without a set: each job is a future that the test completes.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobStreamTest {

    private static final int LIMIT = 4;

    // by the order of giving
    private final List<CompletableFuture<String>> jobs = new ArrayList<>();
    private final List<Integer> pulled = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private boolean isSourceClosed;
    private int refused = -1;

    private CompletableFuture<String> give(int data) {
        if (data == refused) {
            throw new WorkersBusy("no room");
        }
        CompletableFuture<String> job = new CompletableFuture<>();
        jobs.add(job);
        return job;
    }

    /// What does each job at once.
    private CompletableFuture<String> giveDone(int data) {
        CompletableFuture<String> job = give(data);
        job.complete("answer " + data);
        return job;
    }

    private static String answer(int data, CompletableFuture<String> job)
            throws InterruptedException {
        if (job.isCompletedExceptionally()) {
            throw Rethrow.again(job.isCancelled() ? new CancellationException("cancelled")
                    : job.exceptionNow());
        }
        return job.resultNow();
    }

    private Stream<String> map(Stream<Integer> source, JobWindow.Giver<Integer, String> giver,
            boolean isOrdered) {
        JobWindow<Integer, String> window =
                new JobWindow<>(giver, dropped::addAll, isOrdered, LIMIT);
        JobFlow<Integer, String, String> flow = new JobFlow<>(window, JobStreamTest::answer,
                (done, total) -> progress.add(done + " of " + total));
        return new JobSpliterator<>(source.peek(pulled::add).onClose(() -> isSourceClosed = true),
                flow, isOrdered).stream();
    }

    private Stream<String> ordered(Stream<Integer> source) {
        return map(source, this::give, true);
    }

    private Stream<String> unordered(Stream<Integer> source) {
        return map(source, this::give, false);
    }

    private Stream<String> done(Stream<Integer> source) {
        return map(source, this::giveDone, true);
    }

    private static Stream<Integer> numbers() {
        return Stream.iterate(0, number -> number + 1);
    }

    /// Numbers of which the last waits until it may come; what happens by then is done by it.
    private static Stream<Integer> numbers(int count, Runnable beforeTheLast) {
        return IntStream.range(0, count).boxed().peek(number -> {
            if (number == count - 1) {
                beforeTheLast.run();
            }
        });
    }

    private void assertRestIsCancelled(int from) {
        assertThat(jobs).hasSizeGreaterThan(from);
        assertThat(jobs.subList(from, jobs.size())).allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void nothingIsTakenBeforeAnswersAreAskedFor() {
        Stream<String> answers = done(Stream.of(0, 1)).filter(_ -> true);

        assertThat(pulled).isEmpty();
        assertThat(answers.toList()).containsExactly("answer 0", "answer 1");
    }

    @Test
    void answersComeInTheOrderOfTheJobs() {
        Stream<String> answers = ordered(numbers(3, () -> jobs.get(1).complete("second"))
                .peek(number -> {
                    if (number == 2) {
                        jobs.get(0).complete("first");
                    }
                }));
        Iterator<String> iterator = answers.iterator();

        assertThat(iterator.next()).isEqualTo("first");
        assertThat(iterator.next()).isEqualTo("second");
        jobs.get(2).complete("third");
        assertThat(iterator.next()).isEqualTo("third");
        assertThat(iterator.hasNext()).isFalse();
    }

    @Test
    void answerNeverWaitsForASlowOneWhereTheOrderDoesNotMatter() {
        Iterator<String> answers = unordered(
                numbers(LIMIT, () -> {
                    jobs.get(2).complete("the quickest");
                    jobs.get(1).complete("the next");
                })).iterator();

        assertThat(answers.next()).isEqualTo("the quickest");
        assertThat(answers.next()).isEqualTo("the next");
        jobs.get(3).complete("the last to begin");
        assertThat(answers.next()).isEqualTo("the last to begin");
        jobs.get(0).complete("the slowest");
        assertThat(answers.next()).isEqualTo("the slowest");
        assertThat(answers.hasNext()).isFalse();
    }

    @Test
    void noMoreJobsAreTakenThanTheLimitWhileTheOldestIsSlow() {
        assertTakenWhileTheOldestIsSlow(Stream::iterator);
        assertTakenWhileTheOldestIsSlow(answers -> answers.toList().iterator());
    }

    private void assertTakenWhileTheOldestIsSlow(Function<Stream<String>, Iterator<String>> way) {
        CompletableFuture<String> oldest = new CompletableFuture<>();
        List<Integer> tooEarly = new ArrayList<>();
        Stream<String> answers = map(numbers().limit(3 * LIMIT), data -> {
            if (data >= LIMIT && !oldest.isDone()) {
                tooEarly.add(data);
            }
            if (data == LIMIT - 1) {
                Thread.startVirtualThread(() -> oldest.complete("the oldest"));
            }
            return data == 0 ? oldest : giveDone(data);
        }, true);
        Iterator<String> iterator = way.apply(answers);

        assertThat(iterator.next()).isEqualTo("the oldest");
        assertThat(iterator.next()).isEqualTo("answer 1");
        assertThat(tooEarly).isEmpty();
    }

    @Test
    void slowSourceDelaysNoAnswerByMoreThanOneElement() {
        List<String> taken = new ArrayList<>();
        List<Integer> takenBefore = new ArrayList<>();
        Stream<Integer> source = numbers().limit(10).peek(_ -> takenBefore.add(taken.size()));

        map(source, this::giveDone, true).forEach(taken::add);

        assertThat(takenBefore).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void slowSourceDelaysNoAnswerByMoreThanOneElementWhereTheyArePulled() {
        List<Integer> takenBefore = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        Stream<Integer> source = numbers().peek(_ -> takenBefore.add(taken.size()));

        map(source, this::giveDone, true).limit(10).forEach(taken::add);

        assertThat(takenBefore).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void endlessSourceEndsWithItsLimitAndWhatIsOpenIsCancelled() {
        Stream<String> answers = map(numbers(), data -> data < 2 ? giveDone(data) : give(data),
                false).limit(2);

        assertThat(answers.toList()).containsExactly("answer 0", "answer 1");
        assertThat(jobs).hasSizeLessThanOrEqualTo(LIMIT);
        assertThat(jobs).allMatch(CompletableFuture::isDone);
    }

    @Test
    void jobsThatAreOpenWhenNoMoreIsWantedAreCancelled() {
        Stream<String> answers = unordered(numbers(LIMIT, () -> jobs.get(1).complete("enough")));

        assertThat(answers.findFirst()).contains("enough");

        assertThat(jobs.get(0)).isCancelled();
        assertRestIsCancelled(2);
    }

    @Test
    void sourceIsAskedByTheThreadThatTakesEvenIfItIsParallel() {
        List<Thread> threads = new ArrayList<>();
        Stream<Integer> source = IntStream.range(0, 1_000).parallel().boxed()
                .peek(_ -> threads.add(Thread.currentThread()));

        assertThat(done(source).toList()).hasSize(1_000);

        assertThat(threads).hasSize(1_000).containsOnly(Thread.currentThread());
    }

    @Test
    void answersThatAreMadeParallelAreAskedForByTheCallingThread() {
        List<Thread> threads = new ArrayList<>();
        Stream<Integer> source = numbers().limit(100)
                .peek(_ -> threads.add(Thread.currentThread()));

        assertThat(done(source).parallel().map(String::length).toList()).hasSize(100);

        assertThat(threads).containsOnly(Thread.currentThread());
    }

    @Test
    void firstFailureInOrderEndsTheStream() {
        Stream<String> answers = ordered(numbers(LIMIT, () -> {
            jobs.get(2).completeExceptionally(new WorkersBusy("the third"));
            jobs.get(1).completeExceptionally(new WorkersBusy("the second"));
            jobs.get(0).complete("the first");
        }));
        List<String> taken = new ArrayList<>();

        assertThatThrownBy(() -> answers.forEach(taken::add)).isInstanceOf(WorkersBusy.class)
                .hasMessage("the second");

        assertThat(taken).containsExactly("the first");
        assertRestIsCancelled(3);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void firstFailureThatComesEndsAStreamWithoutOrder() {
        Stream<String> answers = unordered(numbers(LIMIT,
                () -> jobs.get(2).completeExceptionally(new WorkersBusy("the third"))));

        assertThatThrownBy(answers::toList).hasMessage("the third");

        assertThat(jobs.get(0)).isCancelled();
        assertThat(jobs.get(1)).isCancelled();
        assertRestIsCancelled(3);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void jobThatIsRefusedFailsInItsTurn() {
        refused = 1;
        Stream<String> answers = ordered(numbers(3, () -> jobs.get(0).complete("the first")));
        List<String> taken = new ArrayList<>();

        assertThatThrownBy(() -> answers.forEach(taken::add)).hasMessage("no room");

        assertThat(taken).containsExactly("the first");
        assertRestIsCancelled(1);
    }

    @Test
    void elementThatIsNullIsNamed() {
        Stream<String> answers = ordered(Stream.of(0, 1).map(number -> number == 0 ? 0 : null));

        assertThatThrownBy(answers::toList).isInstanceOf(NullPointerException.class)
                .hasMessage("no job is null, and element 2 of this stream is");

        assertRestIsCancelled(0);
    }

    @Test
    void whatTheTakerThrowsComesOutAsItIs() {
        IllegalStateException failure = new IllegalStateException("of the taker");
        Stream<String> answers = ordered(numbers(LIMIT, () -> jobs.get(0).complete("the first")));

        assertThatThrownBy(() -> answers.forEach(_ -> {
            throw failure;
        })).isSameAs(failure);

        assertRestIsCancelled(1);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void whatTheSourceThrowsComesOutAsItIs() {
        IllegalStateException failure = new IllegalStateException("of the source");
        Stream<String> answers = ordered(numbers(3, () -> {
            throw failure;
        }));

        assertThatThrownBy(answers::toList).isSameAs(failure);

        assertRestIsCancelled(0);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void whatTheSourceThrowsAsItIsPulledComesOutAsItIs() {
        IllegalStateException failure = new IllegalStateException("of the source");
        Stream<String> answers = ordered(numbers(3, () -> {
            throw failure;
        }));

        assertThatThrownBy(answers.iterator()::hasNext).isSameAs(failure);

        assertRestIsCancelled(0);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void closeInTheMiddleCancelsWhatIsOpenAndClosesTheSource() {
        try (Stream<String> answers =
                ordered(numbers(LIMIT, () -> jobs.get(0).complete("the first")))) {
            assertThat(answers.iterator().next()).isEqualTo("the first");
            assertThat(jobs.get(1)).isNotDone();
        }

        assertRestIsCancelled(1);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void answersThatHaveComeAndGoNowhereAreDropped() {
        try (Stream<String> answers = ordered(numbers(LIMIT, () -> {
            jobs.get(0).complete("the first");
            jobs.get(2).complete("the third");
        }))) {
            assertThat(answers.iterator().next()).isEqualTo("the first");
        }

        assertThat(dropped).containsExactly("the third");
    }

    @Test
    void closeByAnotherThreadEndsTheWait() throws Exception {
        assertCloseEndsTheWait(true);
        assertCloseEndsTheWait(false);
    }

    private void assertCloseEndsTheWait(boolean isOrdered) throws Exception {
        BlockingQueue<Thread> waiting = new LinkedBlockingQueue<>();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        jobs.clear();
        Stream<String> answers = map(numbers(2, () -> waiting.add(Thread.currentThread())),
                this::give, isOrdered);
        Thread taker = Thread.startVirtualThread(() -> {
            try {
                answers.forEach(_ -> {});
            } catch (CancellationException ended) {
                outcome.set(ended);
            }
        });
        assertThat(waiting.poll(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotNull();

        answers.close();
        assertThat(taker.join(Children.PATIENCE)).isTrue();

        assertThat(outcome.get())
                .hasMessage("this stream of jobs is closed, or has ended before");
        assertThat(jobs).allMatch(CompletableFuture::isCancelled);
    }

    @Test
    void interruptCancelsWhatIsOpenAndKeepsTheFlag() {
        Stream<String> answers = ordered(numbers(2, () -> Thread.currentThread().interrupt()));

        assertThatThrownBy(answers::toList).isInstanceOf(CancellationException.class)
                .hasCauseInstanceOf(InterruptedException.class)
                .hasMessageStartingWith("the thread was interrupted while it waited for jobs");

        assertThat(Thread.interrupted()).isTrue();
        assertRestIsCancelled(0);
        assertThat(isSourceClosed).isTrue();
    }

    @Test
    void progressIsOfTheWholeAndKnowsTheTotalOfASourceThatDoes() {
        assertThat(done(List.of(7, 8).stream()).toList()).hasSize(2);
        assertThat(progress).containsExactly("1 of 2", "2 of 2");
        progress.clear();

        assertThat(done(numbers().takeWhile(number -> number < 2)).toList()).hasSize(2);
        assertThat(progress).containsExactly("1 of 0", "2 of 0");
    }

    @Test
    void countDoesTheJobs() {
        assertThat(done(List.of(7, 8).stream()).count()).isEqualTo(2);

        assertThat(jobs).hasSize(2);
    }

    @Test
    void elementsOfALongInnerStreamAreNotGathered() {
        List<Integer> ahead = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        Stream<Integer> source = Stream.of(1).flatMap(_ -> IntStream.range(0, 1_000).boxed()
                .peek(number -> ahead.add(number - taken.size())));

        done(source).forEach(taken::add);

        assertThat(taken).hasSize(1_000);
        assertThat(ahead).allMatch(count -> count <= LIMIT);
    }

    @Test
    void closeOfTheSourceThatFailsIsSuppressed() {
        Stream<String> answers = ordered(numbers(2, () -> {
            throw new IllegalStateException("of the source");
        }).onClose(() -> {
            throw new IllegalStateException("of the close");
        }));

        assertThatThrownBy(answers::toList).hasMessage("of the source")
                .satisfies(failure -> assertThat(Objects.requireNonNull(failure).getSuppressed())
                        .singleElement().extracting(Throwable::getMessage)
                        .isEqualTo("of the close"));
    }

    @Test
    void endedStreamStaysAtItsEnd() {
        JobWindow<Integer, String> window =
                new JobWindow<>(this::giveDone, dropped::addAll, true, LIMIT);
        JobSpliterator<Integer, String, String> answers = new JobSpliterator<>(Stream.of(1),
                new JobFlow<>(window, JobStreamTest::answer, (_, _) -> {}), true);

        assertThat(answers.tryAdvance(_ -> {})).isTrue();
        assertThat(answers.tryAdvance(_ -> {})).isFalse();
        assertThat(answers.tryAdvance(_ -> {})).isFalse();
        answers.forEachRemaining(_ -> {
            throw new AssertionError("there is no more");
        });
    }
}
