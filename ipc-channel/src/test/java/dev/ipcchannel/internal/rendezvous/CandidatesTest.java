package dev.ipcchannel.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ipcchannel.internal.base.Refusal;
import dev.ipcchannel.internal.end.Incoming;
import dev.ipcchannel.internal.posix.Descriptor;
import dev.ipcchannel.internal.posix.Epoll;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.posix.PollSet;
import dev.ipcchannel.internal.posix.Sockets;
import dev.ipcchannel.internal.posix.Users;
import dev.ipcchannel.internal.wait.Watcher;
import dev.ipcchannel.internal.wire.LaneSettings;
import dev.ipcchannel.testing.Children;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The words for a client whose server has failed: they say no more than the rule that the client
/// has broken itself.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CandidatesTest {

    private static final int MAX_KEPT = 8;
    private static final int NOT_KEPT = 8; // as docs/wire-format.md has them
    private static final int KEPT = 9;

    private static final Refusal REFUSAL = new Refusal(false, "no");

    private static final LaneSettings SETTINGS = new LaneSettings(4096, 0, 1 << 20, "");

    private final Candidates<Incoming> candidates = new Candidates<>(new PacketDoorway(SETTINGS));

    @Test
    void ruleThatAClientHasBrokenIsNamedWithoutTheClassOfTheException() {
        assertThat(candidates.failure(new RendezvousException(RendezvousException.Kind.REFUSED,
                "the child connected, but it does not speak ipc-channel")).reason())
                .isEqualTo("the child connected, but it does not speak ipc-channel");
    }

    @Test
    void clientOfAStartThatHasFailedIsNotAdvisedToHurry() throws Exception {
        Process process = new ProcessBuilder("true").start();
        try (Child.Start _ = Child.Start.begin(process, "a child", _ -> List.of(), new EasyTerms(),
                System.nanoTime())) {
            candidates.await(Child.of(process));
            assertThat(candidates.atTheEnd(false).reason()).isEqualTo("the start that waited for it"
                    + " has failed: the parent's exception says why");

            candidates.timedOut();
            assertThat(candidates.atTheEnd(false).reason()).isEqualTo("the start that waited for it"
                    + " is over: have it connect sooner, or raise startTimeout");

            candidates.await(null);
            assertThat(candidates.atTheEnd(false).reason()).startsWith("the server was closed");
        } finally {
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void reasonOfARefusalIsWorkedOutOnce() {
        Sockets.Pair connection = Sockets.pair();
        Candidate<Incoming> candidate = candidate(connection);
        AtomicInteger times = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            candidates.refuse(candidate, new IllegalStateException("no"), _ -> {
                times.incrementAndGet();
                return REFUSAL;
            });
        }
        candidate.close();

        assertThat(times).hasValue(1);
        Sockets.end(connection.second());
    }

    /// A child and all processes that it starts may connect: each kept connection costs a
    /// descriptor of the parent's.
    @Test
    void fewOfTheManyThatAStartRefusesAreKeptUntilItsChildHasEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "1h").start();
        List<Descriptor> relatives = new ArrayList<>();
        try (Child.Start _ = Child.Start.begin(process, "a child", _ -> List.of(), new EasyTerms(),
                System.nanoTime())) {
            candidates.await(Child.of(process));
            for (int i = 0; i <= MAX_KEPT; i++) {
                relatives.add(refused());
            }

            assertThat(relatives.stream().map(CandidatesTest::kindOfRefusal))
                    .containsExactlyElementsOf(
                            Stream.concat(Collections.nCopies(MAX_KEPT, KEPT).stream(),
                                    Stream.of(NOT_KEPT)).toList());
            assertThat(relatives.stream().filter(PollSet::isHungUp))
                    .containsExactly(relatives.getLast());
        } finally {
            assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        await().atMost(Children.PATIENCE)
                .until(() -> relatives.stream().allMatch(PollSet::isHungUp));
        relatives.forEach(Sockets::end);
    }

    @Test
    void childWhoseConnectionCannotBeWatchedGetsTheReasonAndIsNotKept() throws Exception {
        Process process = new ProcessBuilder("sleep", "1h").start();
        try (Child.Start _ = Child.Start.begin(process, "a child", _ -> List.of(), new EasyTerms(),
                System.nanoTime())) {
            candidates.await(Child.of(process));

            Sockets.Pair connection = Sockets.pair();
            Candidate<Incoming> candidate = candidate(connection);
            Long watch = Watcher.instance().watch(connection.first(), Epoll.Interest.ARRIVALS,
                    _ -> {}); // which is done once

            candidates.refuse(candidate, new OutOfMemoryError("made up"), _ -> REFUSAL);
            Watcher.instance().unwatch(connection.first(), watch);
            candidate.close();

            assertThat(kindOfRefusal(connection.second())).isEqualTo(NOT_KEPT);
            assertThat(PollSet.isHungUp(connection.second())).isTrue();
            Sockets.end(connection.second());
        } finally {
            assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// @return the client's side
    private Descriptor refused() {
        Sockets.Pair connection = Sockets.pair();
        candidates.fail(candidate(connection), new IllegalStateException("no"));
        return connection.second();
    }

    private static Candidate<Incoming> candidate(Sockets.Pair connection) {
        return new PacketCandidate(connection.first(), Users.ownPid(), null, SETTINGS);
    }

    private static int kindOfRefusal(Descriptor client) {
        try (Packet packet = new Packet()) {
            assertThat(packet.receive(client)).isEqualTo(Packet.Receiving.PACKET);
            return packet.getByte(0);
        }
    }

    /// Terms that accept any message.
    private static final class EasyTerms implements Child.Terms {

        @Override
        public void check(Object message) {}

        @Override
        public boolean isBroken(RuntimeException failure) {
            return false;
        }

        @Override
        public @Nullable String words(RuntimeException failure) {
            return null;
        }
    }

    @Test
    void failureOfTheServerIsNotQuoted() {
        assertThat(candidates.failure(new IllegalStateException("a secret")).reason())
                .isEqualTo("the server's process has run out of something, or failed: its own"
                        + " exception says more");
        assertThat(candidates.failure(new OutOfMemoryError("a secret")).reason())
                .isEqualTo("the server's JVM has failed with an error");
    }
}
