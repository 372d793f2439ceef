package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.Worker;

/// A worker that gets good jobs and bad ones among each other: it says which it has begun, cannot
/// answer some, and cannot even read others.
public final class MixedWorkerChild {

    private static final String UNPAIRED = "\uD800";

    private MixedWorkerChild() {}

    /// What becomes of a job.
    public enum Fate {
        GOOD, FAILS, UNSENDABLE, UNREADABLE_THERE, UNANSWERABLE, UNREADABLE_HERE, NO_ANSWER
    }

    /// A job with its fate.
    ///
    /// @param text long for some
    public record Mixed(int number, Fate fate, String text) {

        /// Cannot be made in a worker if that is its fate.
        public Mixed {
            if (fate == Fate.UNREADABLE_THERE && ChildJvm.isChild()) {
                throw new IllegalArgumentException("this job cannot be read in a worker");
            }
        }

        /// A job of a fate.
        public static Mixed of(int number, Fate fate) {
            return new Mixed(number, fate, fate == Fate.UNSENDABLE ? UNPAIRED
                    : "x".repeat(number % 50 == 0 ? 5_000 : number % 20));
        }
    }

    /// The answer to one.
    public record Answered(int number, Fate fate, String text) {

        /// Cannot be made in a host if that is its fate.
        public Answered {
            if (fate == Fate.UNREADABLE_HERE && !ChildJvm.isChild()) {
                throw new IllegalArgumentException("this answer cannot be read in a host");
            }
        }
    }

    /// Does jobs until the host is gone.
    public static void main(String[] args) throws InterruptedException {
        Worker.serve(Mixed.class, Answered.class, (job, _) -> switch (job.fate()) {
            case FAILS -> throw new IllegalStateException("job " + job.number());
            case NO_ANSWER -> null;
            case UNANSWERABLE -> new Answered(job.number(), job.fate(), UNPAIRED);
            default -> new Answered(job.number(), job.fate(), job.text());
        });
    }
}
