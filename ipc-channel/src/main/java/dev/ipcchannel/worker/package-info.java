/// Supervised child processes, and sets of workers that do jobs in them.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `call`, `internal.codec`,
// `internal.launch`, `internal.posix`, `internal.process`, `internal.rendezvous` and
// `internal.wait`. Start with [ChildJvm] and [ChildStart], then [WorkerSet] and [Desk].
//
// - [ChildJvm], [ChildStart], [StartRefusal]: a plan for a child; one start; why there is none
// - [ChildProcess], [ChildLink], [Output]: a child; the conversation with it; where its streams go
// - [CommandLine], [ChildEncoding], [StartScript], [ArgumentFile]: the words that start it, in the
//   letters of its locale, by a script or a file where need be
// - [ClassArchive], [CrashFile], [UserFolder]: faster classes; a JVM's crash; their folder
// - [LiveChildren], [Parent]: the children that run, for this JVM's exit; a child's own parent
// - [ThreadDump], [AttachSocket]: a dump of a child's threads; its socket
// - [Transport], [ShmTransport], [UnixTransport]: how a child and its parent reach each other
// - [UnixListener], [UnixServer], [SocketCandidates], [SocketHello]: a socket for one child
// - [UnixLink], [UnixConnection], [Inflow], [Outflow], [ConnectionEnd], [UnixLifeline]: a link over
//   a connection; what comes and goes; its end; the connection beside it
// - [UnixLoop], [SocketFrame], [FrameReader], [FrameWriter], [SocketFailures]: the thread of all
//   such sockets; what goes through one; the place where its failures become errors
// - [Worker], [Job], [JobReply], [JobHandler], [JobFunction], [JobContext], [ExchangeContext]: a
//   worker's side: one job at a time, answered by a reply or by code; a job while it is done
// - [WorkerSet], [WorkerSetBuilder], [SetTerms], [BusyPolicy], [TimeoutAction]: the host's side
// - [JobBuilder], [JobTerms], [JobFuture], [Progress]: what is said of one job; its answer
// - [Desk], [FreeHands], [AfterUnlock], [JobCounts], [Completions]: the queue of jobs; workers with
//   a hand free; what follows the lock; jobs by state; futures that are being completed
// - [HostJob], [JobState], [Attempt], [Quarantine]: one job; its state; a try of it; jobs that kill
// - [Crew], [Member], [CrewThreads], [Restarts]: the workers, started, watched, replaced and ended
// - [WarmUp]: the first job of a worker, and an empty one of a spare
// - [Task], [Outcome], [JobTypes], [LinkTypes]: the messages of a set; types in sentences
// - [Failed], [JvmFailure]: another thread's failure for this one; an error that ends a worker
// - [WorkerListener], [WorkerSnapshot], [WorkerSetStats], [Latencies]: what a set says of itself
