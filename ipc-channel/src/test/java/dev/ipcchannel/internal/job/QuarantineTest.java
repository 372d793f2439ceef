package dev.ipcchannel.internal.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The jobs that are not tried any more.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QuarantineTest {

    private final Quarantine quarantine = new Quarantine();

    @Test
    void jobThatWasInHandTwiceIsInAndSaidToBeSoOnce() {
        assertThat(quarantine.blame("a job")).isFalse();
        assertThat(quarantine.has("a job")).isFalse();
        assertThat(quarantine.blame("a job")).isTrue();
        assertThat(quarantine.has("a job")).isTrue();
        assertThat(quarantine.blame("a job")).isFalse();
        assertThat(quarantine.has("another")).isFalse();
    }

    @Test
    void jobThatIsEqualIsInAsWell() {
        quarantine.blame(List.of(1, 2));
        quarantine.blame(new ArrayList<>(List.of(1, 2)));
        assertThat(quarantine.has(List.of(1, 2))).isTrue();
    }

    @Test
    void allAreOutAfterAClear() {
        quarantine.blame("a job");
        quarantine.blame("a job");
        quarantine.clear();
        assertThat(quarantine.has("a job")).isFalse();
        assertThat(quarantine.blame("a job")).isFalse();
    }

    @Test
    void oldestIsForgottenWhenThereAreTooMany() {
        quarantine.blame(-1);
        quarantine.blame(-1);
        for (int i = 0; i < 255; i++) {
            quarantine.blame(i);
        }
        assertThat(quarantine.has(-1)).isTrue();
        quarantine.blame(255);
        assertThat(quarantine.has(-1)).isFalse();
    }

    @Test
    void jobThatContainsItselfIsNotRememberedAndHarmsNoOtherJob() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThat(quarantine.blame(endless)).isFalse();
        assertThat(quarantine.blame(endless)).isFalse();
        quarantine.blame("a job");
        quarantine.blame("a job");
        assertThat(quarantine.has(endless)).isFalse();
        assertThat(quarantine.has("a job")).isTrue();
    }

    /// The list contains itself from then on, and its hash code throws.
    @Test
    void jobThatHasChangedSinceIsForgottenAsAnyOther() {
        List<Object> changing = new ArrayList<>();
        quarantine.blame(changing);
        quarantine.blame(0);
        quarantine.blame(0);
        changing.add(changing);
        for (int i = 1; i < 256; i++) {
            quarantine.blame(i);
        }
        assertThat(quarantine.has(0)).as("the second oldest").isTrue();
        quarantine.blame(256);
        assertThat(quarantine.has(0)).as("the oldest").isFalse();
    }

    /// A job of the same hash code as all others, so that they are told apart by `equals`.
    private static final class Moody {

        private boolean isThrowing;

        @Override
        public boolean equals(Object other) {
            if (isThrowing) {
                throw new IllegalStateException("not now");
            }
            return this == other;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void oldestIsForgottenThoughItsEqualsThrows() {
        Moody oldest = new Moody();
        quarantine.blame(oldest);
        for (int i = 0; i < 255; i++) {
            quarantine.blame(new Moody());
        }
        oldest.isThrowing = true;

        assertThat(quarantine.blame(new Moody())).isFalse();
        quarantine.blame("a job");
        quarantine.blame("a job");
        assertThat(quarantine.has("a job")).isTrue();
    }
}
