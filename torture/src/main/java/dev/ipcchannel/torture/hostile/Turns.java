package dev.ipcchannel.torture.hostile;

import dev.ipcchannel.torture.Budget;
import dev.ipcchannel.torture.Findings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The sequence of peers: rounds of all modes, each in a different order, and at the end of the
/// time the modes that have missed something.
final class Turns {

    /// A peer's turn.
    ///
    /// @param mode of the peer
    /// @param seed of the peer's random choices
    record Turn(Mode mode, long seed) {}

    private final Budget budget;
    private final Findings findings;
    private final Random random;
    private final Deque<Mode> round = new ArrayDeque<>();

    Turns(Budget budget, Findings findings) {
        this.budget = budget;
        this.findings = findings;
        this.random = new Random(budget.seed());
    }

    /// The next turn.
    ///
    /// @return null if there is none left
    synchronized @Nullable Turn next() {
        boolean isExtension = !budget.isLeft();
        if (isExtension && !(budget.isExtended() && findings.isAimMissing())) {
            return null;
        }
        if (round.isEmpty()) {
            List<Mode> modes = new ArrayList<>(List.of(Mode.values()));
            Collections.shuffle(modes, random);
            round.addAll(modes);
        }
        Mode mode = round.removeFirst();
        if (isExtension) {
            mode = Mode.anyMissing(findings).orElse(mode);
        }
        return new Turn(mode, random.nextLong());
    }
}
