package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.CallFailed;
import dev.ipcchannel.Channel;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.Sender;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.TypeMismatch;
import dev.ipcchannel.TypeToken;
import dev.ipcchannel.call.Exchange;
import dev.ipcchannel.call.Handler;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Callers and servers of one name in one process: the choice of a server, and the fate of a call.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    record Order(String item, int count) {}

    record Price(long cents) {}

    record Letter(Sender<String> way) {}

    /// A handler that answers with its own name, once it may, and counts the questions begun.
    private static final class Clerk implements Handler<String, String> {

        private final String name;
        private final CountDownLatch mayAnswer = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private final AtomicInteger begun = new AtomicInteger();

        Clerk(String name) {
            this.name = name;
        }

        @Override
        public @Nullable String answer(String question, Exchange<String> call) throws Exception {
            int _ = begun.incrementAndGet();
            if (question.equals("wait")) {
                awaitLeave();
            }
            return name;
        }

        private void awaitLeave() throws InterruptedException {
            try {
                mayAnswer.await();
            } catch (InterruptedException interrupt) {
                interrupted.countDown();
                throw interrupt;
            }
        }

        NamedService serve() throws InterruptedException {
            return NamedService.serve("clerks", String.class, String.class, this);
        }

        void awaitBegun(int calls) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(begun).hasValue(calls));
        }
    }

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.emptyAtOnce();

    private static NamedCaller<String, String> caller() throws InterruptedException {
        return NamedCaller.open("clerks", String.class, String.class);
    }

    @Test
    void callerGetsTheAnswer() throws Exception {
        try (NamedService _ = NamedService.serve("prices", Order.class, Price.class,
                (order, _) -> new Price(150L * order.count()));
                NamedCaller<Order, Price> prices =
                        NamedCaller.open("prices", Order.class, Price.class)) {
            assertThat(prices.call(new Order("tea", 2))).isEqualTo(new Price(300));
            assertThat(prices.call(new Order("tea", 3), PATIENCE)).isEqualTo(new Price(450));
        }
    }

    @Test
    void genericTypesAreServed() throws Exception {
        TypeToken<List<String>> words = new TypeToken<>() {};
        TypeToken<Map<String, Integer>> lengths = new TypeToken<>() {};
        try (NamedService _ = NamedService.serve("lengths", words, lengths,
                (list, _) -> Map.of(list.getFirst(), list.getFirst().length()));
                NamedCaller<List<String>, Map<String, Integer>> caller =
                        NamedCaller.open("lengths", words, lengths)) {
            assertThat(caller.call(List.of("three"))).isEqualTo(Map.of("three", 5));
        }
    }

    @Test
    void callerThatIsThereFirstWaitsForAServer() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            Waits<String> waiting = Waits.in(() -> caller.call("who")).asleep();

            try (NamedService _ = new Clerk("late").serve()) {
                assertThat(waiting.value()).isEqualTo("late");
            }
        }
    }

    @Test
    void callWithoutAServerTimesOutAndSaysWhereItLooked() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            assertThatThrownBy(() -> caller.call("who", SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no server to ask").hasMessageContaining("name=clerks")
                    .hasMessageContaining(names.directory().toString())
                    .hasMessageContaining("timeout=50 ms");
            assertThatThrownBy(() -> caller.send("who", SHORT)).isInstanceOf(TimedOut.class);
            assertThatThrownBy(() -> caller.stream("who", SHORT)).isInstanceOf(TimedOut.class);
        }
    }

    @Test
    void callWithoutAServerFailsAtOnceWhereItsOptionsSaySo() throws Exception {
        try (NamedCaller<String, String> caller = NamedCaller.open("clerks", String.class,
                String.class, NamedOptions.defaults().withUnreceived(Unreceived.FAIL))) {
            assertThatThrownBy(() -> caller.call("who")).isInstanceOf(NoReceiver.class)
                    .hasMessageContaining("no server").hasMessageContaining("name=clerks");

            try (NamedService _ = new Clerk("here").serve()) {
                assertThat(caller.call("who")).isEqualTo("here");
            }
        }
    }

    @Test
    void questionsAreNotDropped() {
        assertThatThrownBy(() -> NamedCaller.open("clerks", String.class, String.class,
                NamedOptions.defaults().withUnreceived(Unreceived.DROP)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("DROP");
    }

    @Test
    void callWithNoTimeAsksNothing() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService _ = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            assertThatThrownBy(() -> caller.call("who", Duration.ZERO))
                    .isInstanceOf(TimedOut.class);

            assertThat(caller.call("who")).isEqualTo("here");
            assertThat(clerk.begun).hasValue(1);
        }
    }

    @Test
    void otherQuestionsOrAnswersAreRefusedAtOpen() throws Exception {
        try (NamedService _ = new Clerk("here").serve()) {
            assertThatThrownBy(() -> NamedCaller.open("clerks", Order.class, String.class))
                    .isInstanceOf(TypeMismatch.class).hasMessageContaining("name=clerks")
                    .hasMessageContaining("question");
            assertThatThrownBy(() -> NamedCaller.open("clerks", String.class, Price.class))
                    .isInstanceOf(TypeMismatch.class).hasMessageContaining("answer");
            assertThatThrownBy(() -> NamedService.serve("clerks", String.class, Price.class,
                    (_, _) -> new Price(1))).isInstanceOf(TypeMismatch.class);
        }
    }

    @Test
    void channelAndServiceOfOneNameAreTwoThings() throws Exception {
        try (NamedReceiver<Order> _ = NamedReceiver.open("clerks", Order.class);
                NamedService _ = new Clerk("here").serve();
                NamedCaller<String, String> caller = caller()) {
            assertThat(caller.call("who")).isEqualTo("here");
        }
    }

    @Test
    void failureOfAHandlerReachesTheCallerAndTheServerGoesOn() throws Exception {
        Handler<String, String> picky = (question, _) -> {
            if (question.isEmpty()) {
                throw new IllegalArgumentException("nothing is asked");
            }
            return question;
        };
        try (NamedService _ = NamedService.serve("clerks", String.class, String.class, picky);
                NamedCaller<String, String> caller = caller()) {
            assertThatThrownBy(() -> caller.call("")).isInstanceOf(CallFailed.class)
                    .hasMessageContaining("nothing is asked");
            assertThat(caller.send("")).failsWithin(PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(CallFailed.class);
            assertThat(caller.call("again")).isEqualTo("again");
        }
    }

    @Test
    void callsGoToTheServerWithTheFewestOpenOnes() throws Exception {
        Clerk first = new Clerk("first");
        Clerk second = new Clerk("second");
        try (NamedService _ = first.serve(); NamedCaller<String, String> caller = caller()) {
            CompletableFuture<String> held = caller.send("wait");
            first.awaitBegun(1);
            try (NamedService _ = second.serve()) {
                caller.waitUntilReady(2, PATIENCE);

                for (int i = 0; i < 10; i++) {
                    assertThat(caller.call("who")).isEqualTo("second");
                }
            }
            first.mayAnswer.countDown();
            assertThat(held.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("first");
        }
    }

    @Test
    void equalServersAreAskedInTurn() throws Exception {
        try (NamedService _ = new Clerk("first").serve();
                NamedService _ = new Clerk("second").serve();
                NamedService _ = new Clerk("third").serve();
                NamedCaller<String, String> caller = caller()) {
            assertThat(caller.serverCount()).isEqualTo(3);
            for (int round = 0; round < 5; round++) {
                Set<String> asked = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    boolean _ = asked.add(caller.call("who"));
                }
                assertThat(asked).containsExactlyInAnyOrder("first", "second", "third");
            }
        }
    }

    @Test
    void manyCallersAreServedAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        Handler<String, String> meeting = (question, _) -> { // answers when all are here
            all.countDown();
            all.await();
            return question;
        };
        List<NamedCaller<String, String>> callers = new ArrayList<>();
        try (NamedService service =
                NamedService.serve("clerks", String.class, String.class, meeting)) {
            List<Waits<String>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                NamedCaller<String, String> caller = caller();
                callers.add(caller);
                String question = "question " + i;
                calls.add(Waits.in(() -> caller.call(question)));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(calls.get(i).value()).isEqualTo("question " + i);
            }
            assertThat(service.callerCount()).isEqualTo(8);
        } finally {
            callers.forEach(NamedCaller::close);
        }
    }

    @Test
    void callThatTimesOutIsCancelledInTheHandler() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService _ = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            assertThatThrownBy(() -> caller.call("wait", SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("no answer came").hasMessageContaining("server pid=");

            assertThat(clerk.interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancelledFutureIsCancelledInTheHandler() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService _ = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            CompletableFuture<String> future = caller.send("wait");
            clerk.awaitBegun(1);

            future.cancel(false);

            assertThat(clerk.interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void interruptedCallIsCancelledInTheHandler() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService _ = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            Waits<String> call = Waits.in(() -> caller.call("wait"));
            clerk.awaitBegun(1);

            call.thread().interrupt();

            call.failure().isInstanceOf(InterruptedException.class);
            assertThat(clerk.interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void answerComesInParts() throws Exception {
        Handler<Integer, Integer> counting = (limit, call) -> {
            for (int i = 0; i < limit; i++) {
                call.part(i);
            }
            return null;
        };
        try (NamedService _ = NamedService.serve("numbers", Integer.class, Integer.class, counting);
                NamedCaller<Integer, Integer> caller =
                        NamedCaller.open("numbers", Integer.class, Integer.class);
                Parts<Integer> parts = caller.stream(1000)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(parts.next(PATIENCE)).isEqualTo(i);
            }
            assertThat(parts.next(PATIENCE)).isNull();
            assertThatThrownBy(() -> caller.call(2)).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("NamedCaller.stream");
            assertThatThrownBy(() -> caller.call(0)).isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("Optional");
        }
    }

    @Test
    void closedPartsAreCancelledInTheHandler() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Handler<String, String> endless = (_, call) -> {
            try {
                while (true) {
                    call.part("more");
                }
            } finally {
                over.countDown();
            }
        };
        try (NamedService _ = NamedService.serve("clerks", String.class, String.class, endless);
                NamedCaller<String, String> caller = caller()) {
            try (Parts<String> parts = caller.stream("go")) {
                assertThat(parts.next(PATIENCE)).isEqualTo("more");
            }

            assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeFinishesTheCallsThatAreOpen() throws Exception {
        Clerk clerk = new Clerk("old");
        Clerk other = new Clerk("new");
        try (NamedService old = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            CompletableFuture<String> open = caller.send("wait");
            clerk.awaitBegun(1);
            Waits<Void> closing = Waits.run(() -> old.close(PATIENCE));
            await().atMost(PATIENCE).until(() -> caller.serverCount() == 0);

            try (NamedService _ = other.serve()) {
                assertThat(caller.call("who")).isEqualTo("new");
                assertThat(closing.result()).isNotDone();
                clerk.mayAnswer.countDown();

                assertThat(open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("old");
                assertThat(closing.value()).isNull();
            }
        }
    }

    @Test
    void closeCancelsWhatIsOpenAfterItsGrace() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService service = clerk.serve(); NamedCaller<String, String> caller = caller()) {
            CompletableFuture<String> open = caller.send("wait");
            clerk.awaitBegun(1);

            service.close(SHORT);

            assertThat(open).failsWithin(PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(Disconnected.class).withMessageContaining("had begun")
                    .withMessageContaining("pid=" + ProcessHandle.current().pid());
            assertThat(clerk.interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void callThatMayBeDoneTwiceGoesToAnotherServerOnce() throws Exception {
        Clerk first = new Clerk("first");
        Clerk second = new Clerk("second");
        try (NamedService service = first.serve(); NamedCaller<String, String> caller = caller()) {
            CompletableFuture<String> open = caller.idempotent().send("wait");
            first.awaitBegun(1);
            try (NamedService _ = second.serve()) {
                second.mayAnswer.countDown();

                service.close(Duration.ZERO);

                assertThat(open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("second");
                assertThat(first.begun).hasValue(1);
                assertThat(second.begun).hasValue(1);
            }
        }
    }

    @Test
    void questionWhoseEndsHaveGoneWithAServerGoesToNoOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Handler<Letter, String> holding = (letter, call) -> {
            begun.countDown();
            try (Sender<String> _ = call.closeWhenSent(letter.way())) {
                new CountDownLatch(1).await();
            }
            return "";
        };
        Channel<String> channel = Channel.create(String.class);
        try (NamedService service =
                NamedService.serve("letters", Letter.class, String.class, holding);
                NamedCaller<Letter, String> caller =
                        NamedCaller.open("letters", Letter.class, String.class)) {
            CompletableFuture<String> call =
                    caller.idempotent().send(new Letter(channel.sender()));
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            try (NamedService _ = NamedService.serve("letters", Letter.class, String.class,
                    (_, _) -> "again")) {
                service.close(Duration.ZERO);

                assertThat(call).failsWithin(PATIENCE).withThrowableThat()
                        .withCauseInstanceOf(Disconnected.class)
                        .withMessageContaining("ends of channels");
            }
        } finally {
            channel.receiver().close();
        }
    }

    @Test
    void cancelReachesHandlersThatKeepAllProcessorsBusy() throws Exception {
        int calls = Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(calls);
        CountDownLatch over = new CountDownLatch(calls);
        Handler<String, String> busy = (_, call) -> {
            begun.countDown();
            while (!call.isCancelled()) {
                Thread.onSpinWait();
            }
            over.countDown();
            return "";
        };
        try (NamedService _ = NamedService.serve("clerks", String.class, String.class, busy);
                NamedCaller<String, String> caller = caller()) {
            List<CompletableFuture<String>> futures = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                futures.add(caller.send("work"));
            }
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            futures.forEach(future -> future.cancel(false));

            assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeOfTheCallerEndsWhatWaits() throws Exception {
        Clerk clerk = new Clerk("here");
        try (NamedService _ = clerk.serve()) {
            NamedCaller<String, String> caller = caller();
            Waits<String> call = Waits.in(() -> caller.call("wait"));
            CompletableFuture<String> future = caller.send("wait");
            clerk.awaitBegun(2);

            caller.close();

            call.failure().isInstanceOf(EndClosed.class);
            assertThat(future).failsWithin(PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(EndClosed.class);
            assertThatThrownBy(() -> caller.call("who")).isInstanceOf(EndClosed.class);
        }
    }

    @Test
    void waitForAServerEndsWithTheCaller() throws Exception {
        NamedCaller<String, String> caller = caller();
        Waits<String> call = Waits.in(() -> caller.call("who")).asleep();
        Waits<Void> ready = Waits.run(caller::waitUntilReady).asleep();

        caller.close();

        call.failure().isInstanceOf(EndClosed.class);
        ready.failure().isInstanceOf(EndClosed.class);
    }

    @Test
    void serviceIsReadyFromItsStart() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            assertThatThrownBy(() -> caller.waitUntilReady(SHORT)).isInstanceOf(TimedOut.class)
                    .hasMessageContaining("wanted=1, ready=0, there=0");
            try (NamedService _ = new Clerk("here").serve()) {
                caller.waitUntilReady(PATIENCE);
            }
            assertThat(caller.serverCount()).isZero();
        }
    }

    @Test
    void callsOfManyThreadsEachGetTheirOwnAnswer() throws Exception {
        Set<String> wrong = ConcurrentHashMap.newKeySet();
        Handler<String, String> echo = (question, _) -> question;
        try (NamedService _ = NamedService.serve("clerks", String.class, String.class, echo);
                NamedService _ = NamedService.serve("clerks", String.class, String.class, echo);
                NamedCaller<String, String> caller = caller()) {
            List<Waits<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String thread = "thread " + i;
                threads.add(Waits.run(() -> {
                    for (int call = 0; call < 500; call++) {
                        String question = thread + " call " + call;
                        if (!caller.call(question).equals(question)) {
                            boolean _ = wrong.add(question);
                        }
                    }
                }));
            }
            for (Waits<Void> thread : threads) {
                assertThat(thread.value()).isNull();
            }
            assertThat(wrong).isEmpty();
        }
    }
}
