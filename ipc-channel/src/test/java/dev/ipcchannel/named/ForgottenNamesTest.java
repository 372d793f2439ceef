package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Receiver;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ends by a name that are unreachable and were not closed: they leave the name, and [Children]
/// finds nothing of theirs afterwards. Each is made in a separate method, so that no stack frame
/// keeps it.
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgottenNamesTest {

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = new OwnNames();

    @Test
    void receiverThatIsForgottenLeavesItsName() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            forgetReceiver("words");

            awaitNoReceiver(sender);
        }
    }

    private static void awaitNoReceiver(NamedSender<String> sender) {
        await("the receiver is found").atMost(Children.PATIENCE).until(() -> {
            System.gc();
            return sender.receiverCount() == 0;
        });
    }

    private static void forgetReceiver(String name) throws Exception {
        NamedReceiver<String> forgotten = NamedReceiver.open(name, String.class);
        Heartbeat _ = forgotten.startHeartbeat(Duration.ofMillis(5));
    }

    @Test
    void senderThatIsForgottenLeavesItsName() throws Exception {
        try (NamedReceiver<String> receiver = NamedReceiver.open("words", String.class)) {
            forgetSender();

            await("the sender is found").atMost(Children.PATIENCE).until(() -> {
                System.gc();
                return receiver.senderCount() == 0;
            });
            assertThat(receiver.receive(Children.PATIENCE)).isEqualTo("last words");
        }
    }

    private static void forgetSender() throws Exception {
        NamedSender<String> forgotten = NamedSender.open("words", String.class);
        forgotten.send("last words");
    }

    @Test
    void receiverOfWhichItsUserKeepsThePlainOneAloneStays() throws Exception {
        try (NamedSender<String> sender = NamedSender.open("words", String.class)) {
            receivePlainly(sender);

            awaitNoReceiver(sender);
        }
    }

    private static void receivePlainly(NamedSender<String> sender) throws Exception {
        try (Receiver<String> plain = plainReceiver()) {
            awaitCollections();

            assertThat(sender.receiverCount()).isEqualTo(1);
            sender.send("still here");
            assertThat(plain.receive(Children.PATIENCE)).isEqualTo("still here");
        }
    }

    /// Waits until all ends forgotten before have been found: they are found no later than the
    /// second of two objects forgotten after them.
    private static void awaitCollections() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (NamedSender<String> sender = NamedSender.open("others", String.class)) {
                forgetReceiver("others");
                awaitNoReceiver(sender);
            }
        }
    }

    private static Receiver<String> plainReceiver() throws Exception {
        return NamedReceiver.open("words", String.class).receiver();
    }

    @Test
    void callerThatIsForgottenIsClosedAndNamed() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); NamedService service = serve()) {
            forgetCaller();

            awaitSoon(() -> service.callerCount() == 0);
            awaitSoon(() -> isForgottenIn(log, "a caller by name, name=words"));
        }
    }

    private static NamedService serve() throws InterruptedException {
        return NamedService.serve("words", String.class, String.class, (word, _) -> word);
    }

    private static void forgetCaller() throws Exception {
        NamedCaller<String, String> forgotten =
                NamedCaller.open("words", String.class, String.class);
        assertThat(forgotten.call("last words")).isEqualTo("last words");
    }

    private static void awaitSoon(Callable<Boolean> fact) {
        await("the end is found").atMost(Children.PATIENCE).until(() -> {
            System.gc();
            return fact.call();
        });
    }

    @Test
    void callerThatIsUsedByItsIdempotentOneAloneStays() throws Exception {
        try (NamedService service = serve()) {
            callPlainly(service);

            awaitSoon(() -> service.callerCount() == 0);
        }
    }

    private static void callPlainly(NamedService service) throws Exception {
        NamedCaller<String, String> kept =
                NamedCaller.open("words", String.class, String.class).idempotent();
        for (int i = 0; i < 5; i++) {
            System.gc();
            assertThat(kept.call("still here")).isEqualTo("still here");
        }
        assertThat(service.callerCount()).isEqualTo(1);
    }

    @Test
    void signalThatIsForgottenIsClosedAndNamed() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); NamedSignal signal = NamedSignal.open("words")) {
            forgetSignal();

            awaitSoon(() -> signal.listenerCount() == 0);
            awaitSoon(() -> isForgottenIn(log, "signals by name, name=words"));
        }
    }

    private static void forgetSignal() throws Exception {
        NamedSignal forgotten = NamedSignal.open("words");
        forgotten.signal(1);
    }

    @Test
    void signalThatIsAwaitedAloneStays() throws Exception {
        try (NamedSignal signal = NamedSignal.open("words")) {
            Waits<Long> waiting = Waits.in(ForgottenNamesTest::awaitOne).asleep();
            for (int i = 0; i < 5; i++) {
                System.gc();
                waiting.asleep();
            }
            signal.waitForListeners(1, Children.PATIENCE);
            signal.signal(7);

            assertThat(waiting.value()).isEqualTo(1);
            awaitSoon(() -> signal.listenerCount() == 0);
        }
    }

    private static long awaitOne() throws InterruptedException {
        return NamedSignal.open("words").await(7);
    }

    /// A program that only serves does not keep the object.
    @Test
    void serviceThatIsForgottenGoesOn() throws Exception {
        try (CaughtLog log = CaughtLog.listen(); NamedCaller<String, String> caller =
                NamedCaller.open("words", String.class, String.class)) {
            WeakReference<NamedService> forgotten = new WeakReference<>(serve());
            for (int i = 0; i < 5; i++) {
                System.gc();
                assertThat(caller.call("still here")).isEqualTo("still here");
            }
            // Ends forgotten by other tests may be counted now.
            assertThat(log.lines()).noneMatch(line -> line.contains("service"));
            Objects.requireNonNull(forgotten.get()).close();
        }
    }

    @Test
    void partsThatAreForgottenAreCancelledThere() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (NamedService _ = NamedService.serve("words", String.class, String.class,
                (_, call) -> {
                    call.part("one");
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } finally {
                        cancelled.countDown();
                    }
                    return null;
                });
                NamedCaller<String, String> caller =
                        NamedCaller.open("words", String.class, String.class)) {
            forgetParts(caller);

            await("the parts are found").atMost(Children.PATIENCE).until(() -> {
                System.gc();
                return cancelled.getCount() == 0;
            });
        }
    }

    private static void forgetParts(NamedCaller<String, String> caller) throws Exception {
        Parts<String> forgotten = caller.stream("count");
        assertThat(forgotten.next()).isEqualTo("one");
    }

    /// Ends forgotten by other tests may be found, and counted, at the same time.
    private static boolean isForgottenIn(CaughtLog log, String what) {
        return log.lines().stream().anyMatch(line -> line
                .contains("an end was forgotten without a close") && line.contains(what));
    }
}
