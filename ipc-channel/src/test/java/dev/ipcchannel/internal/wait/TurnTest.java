package dev.ipcchannel.internal.wait;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ipcchannel.testing.Children;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The waits for a turn that somebody has.
@Timeout(60)
class TurnTest {

    private final CountDownLatch done = new CountDownLatch(1);

    /// A test kills an exclusive sender of another thread, which has a claim open and lives on.
    @Test
    void whatIsToBeDoneOnceTheOwnersClaimIsOverIsDoneWhileTheOwnerLives() throws Exception {
        Turn turn = new Turn(Thread.currentThread(), true);
        turn.enter();
        turn.take();
        turn.exit();
        Thread killer = Thread.ofPlatform().start(() -> {
            turn.breakIn();
            turn.whenFree(done::countDown);
            turn.exit();
        });
        killer.join();
        assertThat(done.getCount()).isEqualTo(1);

        turn.enter();
        turn.end();
        turn.exit();

        assertThat(done.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsToBeDoneOnceAThreadsClaimIsOverIsDoneWithItsEnd() throws Exception {
        Turn turn = new Turn(null, false);
        Thread holder = Thread.ofPlatform().start(turn::take);
        holder.join();

        turn.whenFree(done::countDown);

        assertThat(done.await(Children.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
