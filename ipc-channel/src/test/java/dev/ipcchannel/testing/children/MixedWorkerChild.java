package dev.ipcchannel.testing.children;

import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.worker.Worker;

/// A worker that gets good and bad jobs mixed: it reports those that it has begun, cannot answer
/// some, and cannot even decode others.
public final class MixedWorkerChild {

    private static final String UNPAIRED = "\uD800";

    private MixedWorkerChild() {}

    /// The fate of a job.
    public enum Fate {
        GOOD, FAILS, UNSENDABLE, UNREADABLE_THERE, UNANSWERABLE, UNREADABLE_HERE, NO_ANSWER
    }

    /// A job with its fate.
    ///
    /// @param text long for some
    public record Mixed(int number, Fate fate, String text) {

        /// Fails in a worker if that is the job's fate.
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

    /// The answer to a job.
    public record Answered(int number, Fate fate, String text) {

        /// Fails in a host if that is the answer's fate.
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
