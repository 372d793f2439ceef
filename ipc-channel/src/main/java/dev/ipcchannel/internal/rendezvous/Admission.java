package dev.ipcchannel.internal.rendezvous;

import dev.ipcchannel.internal.base.Lifeline;
import dev.ipcchannel.internal.base.Refusal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The search of one accept for its client: the first candidate whose offer passes the vetting is
/// accepted. Used under the server's lock.
///
/// @param child that the accept waits for; null for any process
/// @param <G> what a candidate has brought once it is ready
/// @param <T> what the vetting makes of it
record Admission<G, T>(Candidates<G> candidates, @Nullable Child child, Vetting<G, T> vetting) {

    /// Looks at each candidate once.
    ///
    /// @return null if none is accepted
    Outcome.@Nullable Accepted<T> look() {
        for (Candidate<G> candidate : candidates.all()) {
            switch (advance(candidate)) {
                case Candidate.Progress.Waiting<G>() -> { /* its turn comes again */ }
                case Candidate.Progress.HandedOver<G>() -> candidates.release(candidate);
                case Candidate.Progress.Rejected<G>(String reason) -> {
                    candidates.drop(candidate, new Refusal(false, reason));
                    candidates.reject(reason);
                }
                case Candidate.Progress.Ready<G>(G brought) -> {
                    T made = take(candidate, brought);
                    if (made != null) {
                        return new Outcome.Accepted<>(made, candidate.pid());
                    }
                }
            }
        }
        return null;
    }

    private Candidate.Progress<G> advance(Candidate<G> candidate) {
        try {
            return candidate.advance();
        } catch (RuntimeException | Error failure) {
            candidates.fail(candidate, failure);
            throw failure;
        }
    }

    private @Nullable T take(Candidate<G> candidate, G brought) {
        Consumer<Throwable> failing =
                failure -> candidates.refuse(candidate, failure, vetting::refusal);
        candidates.release(candidate); // from here on it is closed below, whatever fails
        boolean isTaken = false;
        try {
            T made = vetting.admit(brought, () -> accept(candidate), failing);
            isTaken = true;
            return made;
        } catch (RuntimeException failure) {
            failing.accept(failure);
            if (candidate.isChild() || isBroken(failure)) {
                throw failure;
            }
            candidates.reject(String.valueOf(failure.getMessage()));
            return null;
        } catch (Error failure) {
            failing.accept(failure);
            throw failure;
        } finally {
            if (!isTaken) {
                candidate.close();
            }
        }
    }

    /// Whether the terms of a start are broken: by its child, or by a relative of it below a
    /// wrapper.
    private boolean isBroken(RuntimeException failure) {
        Child.Terms terms = child == null ? null : child.terms();
        return terms != null && terms.isBroken(failure);
    }

    private void accept(Candidate<G> candidate) {
        try {
            candidate.connection().closer().recognise(); // and that of what has come by it
            Lifeline lifeline = candidate.accept();
            if (lifeline != null && child != null && child.start() != null) {
                child.start().arrived(lifeline);
            }
        } catch (RuntimeException | Error failure) { // a failure here, not in what it has brought
            candidates.refuse(candidate, failure, candidates::failure);
            throw failure;
        }
    }
}
