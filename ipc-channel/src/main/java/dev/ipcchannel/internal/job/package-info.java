/// The parts of jobs and workers that do not depend on the class of a set: the messages between a
/// set and its workers, and rules by which a set decides.
///
/// Used by `worker`; uses `dev.ipcchannel`, `call` and `internal.rendezvous`. Start with [Task].
///
/// - [Task], [Outcome], [JobTypes]: the messages to a worker, and from it; their types
/// - [Row]: the jobs of a batch, or their results, as bytes
/// - [Restarts]: when a worker that has ended may be replaced
/// - [Pace]: the number of jobs that a worker gets in advance
/// - [WaitingJobs], [AgingQueue], [Affinity]: the jobs that wait; their order; the worker of a key
/// - [Quarantine]: the jobs that workers had in hand when they died
/// - [JobSpliterator], [JobFlow], [JobWindow]: the answers to a stream of jobs; the handling of
///   each of its elements; the jobs that are open
/// - [Rethrow], [JvmFailure]: another thread's failure, rethrown in this one; an error that ends a
///   worker
@NullMarked
package dev.ipcchannel.internal.job;

import org.jspecify.annotations.NullMarked;
