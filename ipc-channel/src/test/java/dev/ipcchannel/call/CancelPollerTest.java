package dev.ipcchannel.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Duplex;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cancel interrupts the handler that runs on the thread that serves, and nothing else.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelPollerTest {

    private static final TypeToken<String> STRING = TypeToken.of(String.class);
    private static final String NAME = "ipc-channel cancel poller";
    private static final int AHEAD = 256;

    @RegisterExtension
    final Children children = new Children();

    private final CountDownLatch never = new CountDownLatch(1);

    /// Waits for what never comes.
    private String sleep(String question, CountDownLatch begun) throws InterruptedException {
        if (question.equals("sleep")) {
            begun.countDown();
            never.await();
        }
        return Thread.currentThread().isInterrupted() ? "interrupted" : question;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelInterruptsAHandlerThatKnowsNothingOfIt(boolean isVirtual) throws Exception {
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far())) {
            CountDownLatch begun = new CountDownLatch(3);
            Waits<Void> serving = Waits.in(isVirtual, () -> {
                responder.serve((question, _) -> sleep(question, begun));
                return null;
            });
            for (int i = 0; i < 3; i++) {
                CompletableFuture<String> call = caller.send("sleep");
                assertThat(caller.send("queued").cancel(true)).isTrue();
                long left = 3L - i;
                await().atMost(Children.PATIENCE).until(() -> begun.getCount() < left);
                assertThat(call.cancel(true)).isTrue();
                assertThat(caller.call("next", Children.PATIENCE)).isEqualTo("next");
            }
            assertThat(serving.result()).as("it serves on").isNotDone();
        }
    }

    @Test
    void interruptOfTheCallingThreadAndATimeoutDoTheSame() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (Served served = Served.inline((question, _) -> sleep(question, begun))) {
            Waits<String> call = Waits.in(() -> served.caller().call("sleep"));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            call.thread().interrupt();
            call.failure().isInstanceOf(InterruptedException.class);
            assertThat(served.caller().call("next", Children.PATIENCE)).isEqualTo("next");

            Waits<String> late =
                    Waits.in(() -> served.caller().call("sleep", Duration.ofMillis(1)));
            late.failure().isInstanceOf(TimedOut.class);
            assertThat(served.caller().call("next", Children.PATIENCE)).isEqualTo("next");
        }
    }

    @Test
    void handlerThatWaitsForCreditOrRoomIsReachedAsBefore() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (Served served = Served.inline((question, exchange) -> {
            try {
                while (question.equals("parts")) {
                    exchange.part("a part");
                }
            } catch (CancellationException | InterruptedException cancel) {
                thrown.complete(cancel);
                throw cancel;
            }
            return question;
        })) {
            Parts<String> parts = served.caller().stream("parts");
            assertThat(parts.next(Children.PATIENCE)).isEqualTo("a part");
            parts.close();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isNotNull();
            assertThat(served.caller().call("next", Children.PATIENCE)).isEqualTo("next");
        }
    }

    @Test
    void streamsOfLongHandlersGetTheirCredit() throws Exception {
        int count = 40;
        try (Served served = Served.inline((question, exchange) -> {
            for (int i = 0; i < Reply.WINDOW * 3; i++) {
                if (i % Reply.WINDOW < count / 4) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
                exchange.part(question + i);
            }
            return "the end";
        })) {
            Parts<String> parts = served.caller().stream("part ");
            for (int i = 0; i < Reply.WINDOW * 3; i++) {
                assertThat(parts.next(Children.PATIENCE)).isEqualTo("part " + i);
            }
            assertThat(parts.next(Children.PATIENCE)).isEqualTo("the end");
        }
    }

    @Test
    void interruptBelongsToOneCallWhateverItsLength() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Boolean> mayBeInterrupted = new ConcurrentHashMap<>();
        List<String> wrong = new CopyOnWriteArrayList<>();
        AtomicInteger interrupts = new AtomicInteger();
        try (Served served = Served.inline((question, _) -> {
            if (Thread.interrupted()) {
                wrong.add("begins interrupted: " + question);
            }
            try {
                TimeUnit.MICROSECONDS.sleep(Long.parseLong(question.split(" ", -1)[1]));
            } catch (InterruptedException interrupt) {
                interrupts.incrementAndGet();
                if (!mayBeInterrupted.containsKey(question)) {
                    wrong.add("is interrupted: " + question);
                }
            }
            return question;
        })) {
            for (int round = 0; round < 200; round++) {
                String victim = round + ": " + random.nextInt(25_000);
                String next = round + "; " + random.nextInt(2_000);
                mayBeInterrupted.put(victim, true);
                CompletableFuture<String> cancelled = served.caller().send(victim);
                CompletableFuture<String> other = served.caller().send(next);
                TimeUnit.MICROSECONDS.sleep(random.nextInt(25_000));
                boolean _ = cancelled.cancel(true);
                assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo(next);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(interrupts).as("that it was tried").hasPositiveValue();
    }

    @Test
    void interruptThatIsNoCancelEndsTheServing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Caller.Pair<String, String> pair = Caller.create(STRING, STRING, Served.SMALL);
        try (Caller<String, String> caller = pair.near();
                Responder<String, String> responder = new Responder<>(pair.far())) {
            Waits<Void> serving =
                    Waits.run(() -> responder.serve((question, _) -> sleep(question, begun)));
            CompletableFuture<String> call = caller.send("sleep");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            serving.thread().interrupt();
            serving.failure().isInstanceOf(InterruptedException.class);
            assertThat(call).failsWithin(Children.PATIENCE);
        }
    }

    @Test
    void handlerThatDoesNotHeedItKeepsTheOthersWaitingAndTheyAreDoneThen() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        try (Served served = Served.inline((question, _) -> {
            while (question.equals("deaf") && goesOn.getCount() > 0) {
                try {
                    goesOn.await();
                } catch (InterruptedException _) {
                    interrupted.countDown();
                }
            }
            return Thread.currentThread().isInterrupted() ? "interrupted" : question;
        })) {
            CompletableFuture<String> deaf = served.caller().send("deaf");
            CompletableFuture<String> next = served.caller().send("next");
            boolean _ = deaf.cancel(true);
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(next).isNotDone();
            goesOn.countDown();
            assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo("next");
        }
    }

    @Test
    void endOfTheCallerInterruptsNoHandler() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        CompletableFuture<Boolean> wasCancelled = new CompletableFuture<>();
        Served served = Served.inline((question, exchange) -> {
            begun.countDown();
            while (!exchange.isCancelled()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            goesOn.await();
            wasCancelled.complete(exchange.isCancelled());
            return question;
        });
        CompletableFuture<String> _ = served.caller().send("a question");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        served.caller().close();
        goesOn.countDown();
        assertThat(wasCancelled.get(20, TimeUnit.SECONDS)).isTrue();
        served.close();
    }

    @Test
    void noMoreThanAFewQuestionsAreTakenInAheadOfALongHandler() throws Exception {
        Duplex.Pair<Request<String>, Reply<String>> pair =
                CallEnds.create(STRING, STRING, Served.SMALL.withCapacity(64 * 1024));
        CountDownLatch goesOn = new CountDownLatch(1);
        try (Responder<String, String> responder = new Responder<>(pair.far());
                Duplex<Request<String>, Reply<String>> near = pair.near()) {
            Waits<Void> serving = Waits.run(() -> responder.serve((question, _) -> {
                goesOn.await();
                return question;
            }));
            int count = 3 * AHEAD;
            for (int id = 1; id <= count; id++) {
                near.send(new Request.Ask<>(id, "question " + id));
            }
            await("the poller takes some in").atMost(Children.PATIENCE)
                    .until(() -> pair.far().receiver().stats().messages() > AHEAD);
            assertThat(pair.far().receiver().stats().messages()).isLessThan(count);
            goesOn.countDown();
            for (int id = 1; id <= count; id++) {
                assertThat(near.receive(Children.PATIENCE))
                        .isEqualTo(new Reply.Answer<>(id, "question " + id));
            }
            assertThat(serving.result()).as("it serves on").isNotDone();
        }
    }

    @Test
    void itSleepsOnceNothingIsAskedAndEndsWithTheServing() throws Exception {
        Map<Thread, StackTraceElement[]> before = new HashMap<>(Thread.getAllStackTraces());
        List<Thread> mine = new ArrayList<>();
        try (Served served = Served.inline((question, _) -> question)) {
            assertThat(served.caller().call("first")).isEqualTo("first");
            mine.addAll(Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals(NAME) && !before.containsKey(thread))
                    .toList());
            assertThat(mine).hasSize(1);
            Thread poller = mine.getFirst();
            await("it sleeps").atMost(Children.PATIENCE)
                    .until(() -> poller.getState() == Thread.State.WAITING);
            assertThat(served.caller().call("second")).isEqualTo("second");
        }
        assertThat(mine.getFirst().join(Duration.ofSeconds(20))).isTrue();
    }
}
