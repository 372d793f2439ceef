package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A guard with one thread inside: it refuses threads beside a thread, and lets them wait beside a
/// visitor.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardTest {

    private static final int TIMES = 1000;
    private static final int THREADS = 8;

    private final Guard guard = new Guard("a guard");
    private final Owner owner = new Owner("an owner", "let it go");

    @Test
    void threadBesideAThreadIsRefusedByName() throws Exception {
        guard.enter(null);

        Waits.in(() -> guard.enter(null)).failure().isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a guard is used by one thread at a time: inside=")
                .hasMessageContaining("caller=test waits");
        assertThat(guard.visit()).isFalse();
        assertThat(guard.isInside()).isTrue();
    }

    @Test
    void threadThatIsInsideIsRefusedWithTheReasonAndThePlace() {
        guard.show(", name=orders");
        guard.enter(null);

        assertThatThrownBy(() -> guard.enter(null)).isInstanceOf(IllegalStateException.class)
                .hasMessage("a guard is receiving on this thread already, so its handlers and"
                        + " codecs may not receive from it: caller="
                        + Thread.currentThread().getName()
                        + ", name=orders: receive once they have returned");
    }

    @Test
    void threadBesideAVisitorIsInsideOnceTheVisitIsOver() throws Exception {
        guard.visit();
        Waits<Boolean> second = Waits.in(this::enterAndLook).asleep();

        guard.exit();

        assertThat(second.value()).isTrue();
        assertThat(guard.visit()).as("no visitor beside the one that was let in").isFalse();
    }

    private boolean enterAndLook() {
        return guard.enter(null) && guard.isInside();
    }

    @Test
    void noThreadComesBetweenAVisitsEndAndTheThreadThatWaitsForIt() throws Exception {
        guard.visit();
        Waits<Boolean> second = Waits.in(() -> guard.enter(null)).asleep();

        guard.exit();

        assertThat(guard.visit()).isFalse();
        assertThatThrownBy(() -> guard.enter(null)).isInstanceOf(IllegalStateException.class);
        assertThat(second.value()).isTrue();
    }

    @Test
    void ofTwoThreadsThatWaitTheLastIsLetInAndTheOtherRefused() throws Exception {
        guard.visit();
        Waits<Boolean> first = Waits.in(() -> guard.enter(null)).asleep();
        Waits<Boolean> last = Waits.in(() -> guard.enter(null)).asleep();

        guard.exit();

        assertThat(last.value()).isTrue();
        first.failure().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ownersThreadIsLetInAndStrangersThatCameLaterAreRefusedInItsName() throws Exception {
        own(owner);
        guard.visit();
        Waits<Boolean> owners = Waits.in(() -> guard.tryEnter(owner)).asleep();
        Waits<Boolean> stranger = Waits.in(() -> guard.enter(null)).asleep();

        guard.exit();

        assertThat(owners.value()).isTrue();
        stranger.failure().isInstanceOf(IllegalStateException.class)
                .hasMessage("a guard belongs to an owner: let it go: caller=test waits");
    }

    @Test
    void formerOwnersThreadIsTurnedAwayByTheVisitThatTookItsGuard() throws Exception {
        own(owner);
        guard.visit();
        Waits<Boolean> stranger = Waits.in(() -> guard.enter(null)).asleep();
        Waits<Boolean> owners = Waits.in(() -> guard.tryEnter(owner)).asleep();

        guard.own(null);
        guard.exit();

        assertThat(stranger.value()).isTrue();
        assertThat(owners.value()).isFalse();
    }

    @Test
    void guardWhoseOwnerDoesNotWaitIsTheOwnersAfterTheVisit() throws Exception {
        own(owner);
        guard.visit();
        Waits<Boolean> stranger = Waits.in(() -> guard.enter(null)).asleep();

        guard.exit();

        stranger.failure().isInstanceOf(IllegalStateException.class);
        assertThat(guard.tryEnter(owner)).isTrue();
    }

    private void own(Owner next) {
        guard.enter(null);
        guard.own(next);
        guard.exit();
    }

    @Test
    void closeByAVisitorEndsAllWaits() throws Exception {
        guard.visit();
        Waits<Boolean> thread = Waits.in(() -> guard.enter(null)).asleep();
        Waits<Boolean> owners = Waits.in(() -> guard.tryEnter(owner)).asleep();

        guard.closeFromInside();

        assertThat(thread.value()).isFalse();
        assertThat(owners.value()).isFalse();
        assertThat(guard.isClosed()).isTrue();
    }

    @Test
    void interruptNeitherEndsTheWaitNorIsLost() throws Exception {
        guard.visit();
        Waits<Boolean> second = Waits.in(() -> guard.enter(null) && Thread.interrupted()).asleep();

        second.thread().interrupt();
        second.asleep();
        guard.exit();

        assertThat(second.value()).isTrue();
    }

    /// If anything goes wrong with the word that all of them change, a thread stays outside for
    /// ever, or two are inside.
    @Test
    void oneIsInsideAtATimeAndAllComeInEventually() throws Exception {
        long seed = System.nanoTime();
        System.out.println("guard: seed=" + seed);
        AtomicInteger inside = new AtomicInteger();
        List<Waits<Integer>> lives = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            lives.add(Waits.in(i % 2 == 0, () -> {
                int visits = 0;
                while (visits < TIMES) {
                    visits += goInAndOut(inside, random);
                }
                return visits;
            }));
        }
        for (Waits<Integer> life : lives) {
            assertThat(life.value()).isEqualTo(TIMES);
        }
        assertThat(guard.tryClose()).as("free at last").isTrue();
    }

    /// @return the number of times that it was inside
    private int goInAndOut(AtomicInteger inside, Random random) {
        boolean isIn;
        try {
            isIn = random.nextBoolean() ? guard.enter(null) : guard.visit();
        } catch (IllegalStateException _) { // another thread is inside
            isIn = false;
        }
        if (!isIn) {
            LockSupport.parkNanos(1); // the thread inside may need this thread's carrier
            return 0;
        }
        assertThat(inside.incrementAndGet()).isOne();
        inside.decrementAndGet();
        guard.exit();
        return 1;
    }
}
