/// The members of a name that are there, and those that are ready: the roles of ends that send and
/// of ends that receive, and the heartbeats between them.
///
/// Used by `named`; uses `internal.end`, `internal.meet`, `internal.posix`, `internal.receive`,
/// `internal.rendezvous`, `internal.ring`, `internal.send` and `internal.wire`. Start with
/// [SenderRole] and [ReceiverRole].
///
/// - [SenderRole], [ReceiverRole], [Form]: the behaviour of the two kinds of ends; the members they
///   meet
/// - [Admission], [Subscribers]: a way in for each sender; the notices to all of them
/// - [Beat], [HeartbeatTable]: the heartbeat of a receiver in shared memory; those of the members
///   that were met
/// - [AloneWatch]: a watch on a receiver without senders
@NullMarked
package dev.ipcchannel.internal.presence;

import org.jspecify.annotations.NullMarked;
