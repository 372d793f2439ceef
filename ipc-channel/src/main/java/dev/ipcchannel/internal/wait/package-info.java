/// The waits of all rooms: for other threads of this process, and for events of other processes.
///
/// Used by `dev.ipcchannel`, `select`, `zipc`, `internal.end`, `internal.meet`, `internal.receive`,
/// `internal.rendezvous`, `internal.send` and `internal.stream`; uses `internal.posix`. Start with
/// [Turn], [Guard] and [Sleeper].
///
/// - [Turn], [WaitCount]: the right to use an outbox or a group; the count of waits for it
/// - [Guard], [Owner]: a lock that refuses a second thread; the one user of an end
/// - [Sleeper], [SpinBudget]: a thread's sleep until there is an event; the time that it spins
///   before
/// - [Waiter], [InterruptibleWait]: a wait on sockets; the JDK's hook by which an interrupt ends it
/// - [FutexWait], [SleepThreads]: a wait on a shared word; the threads that sleep so for virtual
///   ones
/// - [Watcher], [DisconnectActions]: the thread that the kernel notifies; the actions after an end
/// - [ShutdownSignal]: the end of the sleeps when the JVM goes down
@NullMarked
package dev.ipcchannel.internal.wait;

import org.jspecify.annotations.NullMarked;
