/// Sets of workers: child processes that do jobs.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `call`, `child`, `transport`
// and `internal.rendezvous`. Start with [WorkerSet] and [Desk], then [Worker].
//
// - [Worker], [Job], [JobReply], [JobHandler], [JobFunction], [JobContext], [ExchangeContext]: a
//   worker's side: one job at a time, answered by a reply or by code; a job while it is done
// - [WorkerSet], [WorkerSetBuilder], [SetTerms], [BusyPolicy], [TimeoutAction]: the host's side
// - [JobBuilder], [JobTerms], [JobFuture], [Progress]: what is said of one job; its answer
// - [Desk], [FreeHands], [AfterUnlock], [JobCounts], [Completions]: the queue of jobs; workers with
//   a hand free; what follows the lock; jobs by state; futures that are being completed
// - [HostJob], [JobState], [Attempt], [Quarantine]: one job; its state; a try of it; jobs that kill
// - [Crew], [Member], [CrewThreads], [Restarts]: the workers, started, watched, replaced and ended
// - [WarmUp]: the first job of a worker, and an empty one of a spare
// - [Task], [Outcome], [JobTypes]: the messages of a set, and their types
// - [Failed], [JvmFailure]: another thread's failure for this one; an error that ends a worker
// - [WorkerListener], [WorkerSnapshot], [WorkerSetStats], [Latencies]: what a set says of itself
