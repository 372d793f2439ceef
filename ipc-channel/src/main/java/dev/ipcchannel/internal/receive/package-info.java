/// The way of a message in. No value from a ring or a socket is trusted.
///
/// Used by `dev.ipcchannel`, `named`, `internal.presence` and `internal.rendezvous`; uses
/// `internal.flight`, `internal.end`, `internal.posix`, `internal.ring`, `internal.wait` and
/// `internal.wire`. Start with [Inbox] and [InboundLane].
///
/// - [Inbox], [MessageWait]: a channel's receiver, which one thread uses at a time; its wait
/// - [Arrivals], [WaysIn], [WayIn], [Announcements]: the arrivals; the sockets by which lanes come;
///   that of one sender of a name; the reader of such a socket
/// - [LaneSet], [BlockedLanes], [Breach]: the lanes, read in turn; those whose sockets are blocked
///   by descriptors of a later record; a breach of the format by one of them
/// - [InboundLane], [FoundMessage], [SpillTable]: the reader's side of a lane; the message found
///   there; the files of long messages
/// - [EpollRegistration]: the registration of a socket in the set that the receiver is in
/// - [Gaps], [SenderNumbers]: the count of missing numbered messages; the last number of each
///   sender
@NullMarked
package dev.ipcchannel.internal.receive;

import org.jspecify.annotations.NullMarked;
