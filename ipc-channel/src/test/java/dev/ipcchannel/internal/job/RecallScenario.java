package dev.ipcchannel.internal.job;

import java.util.List;

/// The jobs of the model, and what may happen to them.
///
/// @param batches that the worker gets initially
/// @param recalls how often the host takes back at most
/// @param later a batch that the worker gets after each recall, as far as there are any
/// @param mayDie whether the worker may be killed
/// @param sendsParts whether the worker may send results before a batch's last
/// @param mutant the order that is taken away
record RecallScenario(List<Batch> batches, int recalls, List<Batch> later, boolean mayDie,
        boolean sendsParts, RecallMutant mutant) {

    /// Jobs of successive numbers.
    record Batch(int first, int count) {

        int end() {
            return first + count;
        }

        boolean contains(long number) {
            return number >= first && number < end();
        }
    }

    /// Batches for a worker that may be killed and sends parts, with one recall.
    static RecallScenario of(Batch... batches) {
        return new RecallScenario(List.of(batches), 1, List.of(), true, true, RecallMutant.NONE);
    }

    RecallScenario recalled(int times) {
        return new RecallScenario(batches, times, later, mayDie, sendsParts, mutant);
    }

    RecallScenario then(Batch... more) {
        return new RecallScenario(batches, recalls, List.of(more), mayDie, sendsParts, mutant);
    }

    RecallScenario withoutDeath() {
        return new RecallScenario(batches, recalls, later, false, sendsParts, mutant);
    }

    RecallScenario without(RecallMutant order) {
        return new RecallScenario(batches, recalls, later, mayDie, sendsParts, order);
    }

    boolean is(RecallMutant other) {
        return mutant == other;
    }
}
