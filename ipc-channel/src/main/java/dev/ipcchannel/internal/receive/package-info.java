/// The way of a message in. Nothing that a ring or a socket says is believed.
///
/// Used by `dev.ipcchannel`, `named`, `internal.presence` and `internal.rendezvous`; uses
/// `internal.flight`, `internal.end`, `internal.posix`, `internal.ring`, `internal.wait` and
/// `internal.wire`. Start with [Inbox] and [InboundLane].
///
/// - [Inbox], [MessageWait]: a channel's receiver, which one thread uses at a time; its wait
/// - [Intake], [WaysIn], [WayIn], [Announcements]: what comes in; the sockets by which lanes come,
///   one for each sender of a name; a socket read
/// - [LaneSet], [HeldUp], [Breach]: the lanes, read in turn; those whose sockets are blocked by
///   descriptors of a later record; the end of one that has broken the format
/// - [InboundLane], [FoundMessage], [SpillTable]: the reader's side of a lane; the message that was
///   found there; the files of long messages
/// - [Hearing]: the registration of a socket in the set that the receiver is in
/// - [Gaps], [SenderNumbers]: numbered messages that are missing; the last number of each sender
@NullMarked
package dev.ipcchannel.internal.receive;

import org.jspecify.annotations.NullMarked;
