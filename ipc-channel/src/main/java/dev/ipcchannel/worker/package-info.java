/// Sets of workers: child processes that do jobs.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `call`, `child`, `transport`
// and `internal.job`. Start with [WorkerSet] and [Dispatcher], then [Worker].
//
// - [Worker], [Batching], [Job], [JobReply], [JobHandler], [JobFunction], [JobContext]: a worker's
//   side: jobs one at a time, or in batches, answered by a reply or by code; a job while it is done
// - [JobService]: what a program uses, whatever does its jobs
// - [WorkerSet], [WorkerSetBuilder], [SetOptions], [BusyPolicy], [TimeoutAction]: the host's side
// - [JobBuilder], [JobOptions], [Progress]: what is said of one job
// - [JobMapping], [JobResult]: streams of jobs; one of their elements where failures are elements
// - [Dispatcher], [Supervisor], [SetThreads], [Drains]: what is done: jobs sent and brought back;
//   processes started, watched and ended; the threads for that; waits until all is over
// - [JobQueue], [JobRecovery], [Staffing], [WorkerEvents]: what is decided: jobs; jobs of a worker
//   that is gone; how many workers; what an event means for one
// - [SetLock], [Completions]: the lock of both, and what follows it; futures that are being
//   completed
// - [PendingJob], [JobCounts]: one job, with its state; jobs by state
// - [Batch], [BatchCodec]: jobs that go to a worker together; their bytes
// - [Roster], [WorkerHandle]: the workers, and those that are free; one of them
// - [WorkerProcess], [ChildWorker]: the process of a worker; the child that it is
// - [WorkerListener], [WorkerSnapshot], [WorkerSetStats], [Latencies]: what a set says of itself
