/// The members of a name that are there, and those that are ready: the roles of ends that send and
/// that receive, and the heartbeats between them.
///
/// Used by `named`; uses `internal.end`, `internal.meet`, `internal.posix`, `internal.receive`,
/// `internal.rendezvous`, `internal.ring`, `internal.send` and `internal.wire`. Start with
/// [SenderRole] and [ReceiverRole].
///
/// - [SenderRole], [ReceiverRole], [Form]: what an end gives to others, and takes; whom it meets
/// - [Admission], [Subscribers]: a way in for each sender; the words to all of them
/// - [Beat], [HeartbeatTable]: the heartbeat of a receiver in shared memory; those of all others
/// - [AloneWatch], [Ticks]: a look at a receiver without senders; a thread for what is due
@NullMarked
package dev.ipcchannel.internal.presence;

import org.jspecify.annotations.NullMarked;
