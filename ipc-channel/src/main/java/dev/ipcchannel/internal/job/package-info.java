/// Jobs and workers, as far as they can be spoken of without a set: what goes between a set and its
/// workers, and rules by which a set decides.
///
/// Used by `worker`; uses `dev.ipcchannel`, `call` and `internal.rendezvous`. Start with [Task].
///
/// - [Task], [Outcome], [JobTypes]: the messages to a worker, and from it; their types
/// - [Row]: the jobs of a batch, or what has become of them, as bytes
/// - [Restarts]: when a worker that has ended may be replaced
/// - [Pace]: how many jobs a worker gets ahead
/// - [WaitingJobs], [AgingQueue], [Affinity]: the jobs that wait; their order; the worker of a key
/// - [Quarantine]: jobs that workers have died of
/// - [JobSpliterator], [JobFlow], [JobWindow]: a stream of jobs as one of answers; what it does
///   with each element; the jobs that are open
/// - [Failed], [JvmFailure]: another thread's failure for this one; an error that ends a worker
@NullMarked
package dev.ipcchannel.internal.job;

import org.jspecify.annotations.NullMarked;
