package dev.ipcchannel.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.testing.CaughtLog;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.OwnNames;
import dev.ipcchannel.testing.Waits;
import dev.ipcchannel.testing.children.CallingChild;
import dev.ipcchannel.testing.children.PatientCallerChild;
import dev.ipcchannel.testing.children.ServingChild;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Services whose servers and callers are processes, which die, stop and go on.
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamedServiceIT {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration AMPLE = Duration.ofSeconds(3); // for a server that runs
    private static final Duration PATIENCE = Children.PATIENCE;

    @RegisterExtension
    final Children children = new Children();

    @RegisterExtension
    final OwnNames names = OwnNames.swept();

    private ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return children.command().environment("IPC_CHANNEL_DIR", names.directory().toString())
                .start(main, arguments);
    }

    private ChildJvm serve(String name) throws IOException {
        return start(ServingChild.class, name);
    }

    private static NamedCaller<String, String> caller() throws InterruptedException {
        return NamedCaller.open(ServingChild.NAME, String.class, String.class);
    }

    private static void awaitServers(NamedCaller<String, String> caller, int count)
            throws InterruptedException {
        caller.waitUntilReady(count, PATIENCE);
    }

    private static void awaitOutput(ChildJvm child, String word) {
        await().atMost(PATIENCE).until(() -> child.output().contains(word));
    }

    private static void end(ChildJvm server) throws InterruptedException {
        server.cue();
        server.awaitExit(0);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void callThatWasBegunFailsWithWhatIsKnownOfItsServer() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm first = serve("first");
            awaitServers(caller, 1);
            CompletableFuture<String> submitted = caller.send(ServingChild.WAIT);
            Waits<String> call = Waits.in(() -> caller.call(ServingChild.WAIT));
            awaitOutput(first, ServingChild.BEGUN + "\n" + ServingChild.BEGUN);
            ChildJvm second = serve("second");
            awaitServers(caller, 2);

            first.kill();

            call.failure().isInstanceOfSatisfying(Disconnected.class, gone -> assertThat(gone)
                    .hasMessageContaining("had begun").hasMessageContaining("name=clerks")
                    .hasMessageContaining("pid=%d (%s)".formatted(first.pid(),
                            ServingChild.class.getName()))
                    .hasMessageContaining("idempotent()"));
            assertThat(submitted).failsWithin(PATIENCE).withThrowableThat()
                    .withCauseInstanceOf(Disconnected.class);
            assertThat(caller.call(ServingChild.ASK_PID, PATIENCE)).isEqualTo("second");
            end(second);
            assertThat(second.output()).doesNotContain(ServingChild.BEGUN);
        }
    }

    @Test
    void callThatWasBegunAndMayBeDoneTwiceGoesToAnotherServer() throws Exception {
        try (NamedCaller<String, String> caller = caller();
                NamedSender<String> words = NamedSender.open(ServingChild.HOLD, String.class)) {
            ChildJvm first = serve("first");
            awaitServers(caller, 1);
            Waits<String> call = Waits.in(() -> caller.idempotent().call(ServingChild.HOLD));
            awaitOutput(first, ServingChild.BEGUN);
            ChildJvm second = serve("second");
            awaitServers(caller, 2);

            first.kill();
            awaitOutput(second, ServingChild.BEGUN);
            words.send("go on");

            assertThat(call.value()).isEqualTo("second");
            end(second);
        }
    }

    @Test
    void callThatWasNotBegunGoesToAnotherServer() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm first = serve("first");
            awaitServers(caller, 1);
            first.signal("STOP");
            Waits<String> call = Waits.in(() -> caller.call(ServingChild.ASK_PID)).asleep();
            CompletableFuture<String> submitted = caller.send(ServingChild.ASK_PID);
            Parts<String> parts = caller.stream(ServingChild.COUNT + 3);
            ChildJvm second = serve("second");
            awaitServers(caller, 1);
            await().atMost(PATIENCE).until(() -> caller.serverCount() == 2);

            first.kill();

            assertThat(call.value()).isEqualTo("second");
            assertThat(get(submitted)).isEqualTo("second");
            for (String part : List.of("0", "1", "2")) {
                assertThat(parts.next(PATIENCE)).isEqualTo(part);
            }
            assertThat(parts.next(PATIENCE)).isNull();
            end(second);
        }
    }

    @Test
    void partsOfAServerThatIsKilledFailAfterWhatWasSent() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm server = serve("first");
            awaitServers(caller, 1);
            try (Parts<String> parts = caller.idempotent().stream(ServingChild.COUNT + 1_000_000)) {
                assertThat(parts.next(PATIENCE)).isEqualTo("0");

                server.kill();

                assertThatThrownBy(() -> {
                    for (String part = parts.next(PATIENCE); part != null;) {
                        part = parts.next(PATIENCE);
                    }
                }).isInstanceOf(Disconnected.class).hasMessageEndingWith(
                        ": parts of its answer had been taken, so it is not asked again");
            }
        }
    }

    @Test
    void twoServersShareTheCalls() throws Exception {
        ChildJvm first = serve("first");
        ChildJvm second = serve("second");
        try (NamedCaller<String, String> caller = caller()) {
            awaitServers(caller, 2);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(caller.call(ServingChild.ASK_PID, PATIENCE));
            }
            assertThat(answers.stream().filter("first"::equals)).hasSize(20);
            assertThat(answers.stream().filter("second"::equals)).hasSize(20);

            end(first);
            assertThat(caller.call(ServingChild.ASK_PID, PATIENCE)).isEqualTo("second");
            end(second);
        }
    }

    @Test
    void serverThatIsStoppedCostsOneCallAndIsAskedAgainWhenItGoesOn() throws Exception {
        ChildJvm stopped = serve("stopped");
        ChildJvm running = serve("running");
        try (NamedCaller<String, String> caller = caller()) {
            awaitServers(caller, 2);
            stopped.signal("STOP");
            int late = 0;
            for (int i = 0; i < 20; i++) {
                try {
                    assertThat(caller.call(ServingChild.ASK_PID, AMPLE)).isEqualTo("running");
                } catch (TimedOut timedOut) {
                    late++;
                    assertThat(timedOut).hasMessageContaining("has not begun")
                            .hasMessageContaining("pid=" + stopped.pid());
                }
            }
            assertThat(late).isEqualTo(1);

            stopped.signal("CONT");
            await().atMost(PATIENCE)
                    .until(() -> caller.call(ServingChild.ASK_PID, PATIENCE).equals("stopped"));
        }
        end(stopped);
        end(running);
    }

    @Test
    void callThatAStoppedServerKeepsSaysThatItIsStopped() throws Exception {
        ChildJvm stopped = serve("stopped");
        try (CaughtLog log = CaughtLog.listen(); NamedCaller<String, String> caller = caller()) {
            awaitServers(caller, 1);
            stopped.signal("STOP");
            Waits<String> call = Waits.in(() -> caller.call(ServingChild.ASK_PID));
            String halted = "pid=" + stopped.pid() + " (" + ServingChild.class.getName()
                    + ") has had no beat for 3 of its intervals: let it go on if it is stopped, or"
                    + " end it";

            await().atMost(PATIENCE).until(() -> log.lines().contains(
                    "a call waits for its server: name=" + caller.name() + ", waited=5 s: "
                            + halted));
            assertThatThrownBy(() -> caller.call(ServingChild.ASK_PID, Duration.ofMillis(50)))
                    .isInstanceOf(TimedOut.class)
                    .hasMessageEndingWith("timeout=50 ms: " + halted);

            stopped.signal("CONT");
            assertThat(call.value()).isEqualTo("stopped");
        }
        end(stopped);
    }

    @Test
    void questionThatAStoppedServerHasNoRoomForSaysSo() throws Exception {
        ChildJvm stopped = serve("stopped");
        try (CaughtLog log = CaughtLog.listen(); NamedCaller<String, String> caller = caller()) {
            awaitServers(caller, 1);
            stopped.signal("STOP");
            String server = "pid=" + stopped.pid() + " (" + ServingChild.class.getName() + ")";
            String halted = server + " has had no beat for 3 of its intervals: let it go on if it"
                    + " is stopped, or end it";
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(catchThrowable(() -> {
                while (true) {
                    CompletableFuture<String> _ = caller.send("x".repeat(1000), SHORT);
                }
            })).isInstanceOf(TimedOut.class).hasMessage("there was no room for a question within"
                    + " the time given: name=clerks, server " + server + ", timeout=200 ms: "
                    + halted));

            Waits<String> call = Waits.in(() -> caller.call("y".repeat(1000)));

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(log.lines()).contains(
                    "a question waits for room at its server: name=clerks, server " + server
                            + ", waited=5 s: " + halted));
            stopped.signal("CONT");
            assertThat(call.value()).isEqualTo("y".repeat(1000));
        }
        end(stopped);
    }

    @Test
    void manyCallersOfManyThreadsGetTheirOwnAnswers() throws Exception {
        ChildJvm first = serve("first");
        ChildJvm second = serve("second");
        List<ChildJvm> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(start(CallingChild.class, "4", "500", "caller " + i + ":"));
        }
        for (ChildJvm caller : callers) {
            caller.awaitExit(0);
        }
        end(first);
        end(second);
    }

    @Test
    void callThatTimesOutIsCancelledInTheServersProcess() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm server = serve("first");
            awaitServers(caller, 1);

            assertThatThrownBy(() -> caller.call(ServingChild.WAIT, SHORT))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("pid=" + server.pid());

            awaitOutput(server, ServingChild.INTERRUPTED);
            end(server);
        }
    }

    @Test
    void callsOfACallerThatIsKilledAreCancelledAndTheServerGoesOn() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm server = serve("first");
            ChildJvm other = start(PatientCallerChild.class);
            awaitOutput(server, ServingChild.BEGUN);

            other.kill();

            awaitOutput(server, ServingChild.INTERRUPTED);
            assertThat(caller.call(ServingChild.ASK_PID, PATIENCE)).isEqualTo("first");
            end(server);
        }
    }

    @Test
    void answerComesInPartsFromAnotherProcess() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm server = serve("first");
            try (Parts<String> parts = caller.stream(ServingChild.COUNT + 1000)) {
                for (int i = 0; i < 1000; i++) {
                    assertThat(parts.next(PATIENCE)).isEqualTo(Integer.toString(i));
                }
                assertThat(parts.next(PATIENCE)).isNull();
            }
            end(server);
        }
    }

    @Test
    void serverThatClosesFinishesWhatItHasBegun() throws Exception {
        try (NamedCaller<String, String> caller = caller();
                NamedSender<String> words = NamedSender.open(ServingChild.HOLD, String.class)) {
            ChildJvm server = serve("first");
            awaitServers(caller, 1);
            CompletableFuture<String> held = caller.send(ServingChild.HOLD);
            awaitOutput(server, ServingChild.BEGUN);

            server.cue();
            await().atMost(PATIENCE).until(() -> caller.serverCount() == 0);
            assertThatThrownBy(() -> caller.call(ServingChild.ASK_PID, SHORT))
                    .isInstanceOf(TimedOut.class).hasMessageContaining("no server to ask");
            assertThat(held).isNotDone();
            words.send("go on");

            assertThat(get(held)).isEqualTo("first");
            server.awaitExit(0);
        }
    }

    @Test
    void serversThatComeAndCloseLoseNoCall() throws Exception {
        try (NamedCaller<String, String> caller = caller()) {
            ChildJvm server = serve("0");
            Waits<Void> calls = Waits.run(() -> {
                for (int i = 0; i < 20_000 || caller.serverCount() == 0; i++) {
                    String question = "question " + i;
                    assertThat(caller.call(question, PATIENCE)).isEqualTo(question);
                }
            });
            for (int i = 1; i < 4; i++) {
                ChildJvm next = serve(Integer.toString(i));
                awaitServers(caller, 2);
                end(server); // while it is asked
                server = next;
            }
            assertThat(calls.value()).isNull();
            end(server);
        }
    }
}
