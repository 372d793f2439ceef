/// The meeting of two processes that share a socket's name: a child and its parent.
///
/// The server is a Unix socket in a directory of its own that only its user may enter: of packets,
/// or of the frames of `internal.stream`. Over packets the client sends one,
/// [dev.ipcchannel.internal.wire.Hello], with the receiving end of a bootstrap channel, and
/// everything else goes through that channel at once. The connection stays open as long as both
/// processes live.
///
/// Used by `dev.ipcchannel`, `child`, `named`, `testing`, `transport`, `internal.job`,
/// `internal.launch`, `internal.presence` and `internal.stream`; uses `internal.end`,
/// `internal.posix`, `internal.process`, `internal.receive`, `internal.send`, `internal.wait` and
/// `internal.wire`. Start with [Rendezvous] and [Connector].
///
/// - [Rendezvous], [Outcome], [Candidates], [Child]: the server's side; the outcome of a wait
///   there; the clients that have connected; the expected child
/// - [Doorway], [Candidate], [Admission], [Vetting]: a kind of socket; a client that comes by it;
///   the search of one accept; the check that accepts a client
/// - [PacketDoorway], [PacketCandidate]: the first two over packets
/// - [Connector]: the client's side
/// - [ServerDirectory], [ExitSign]: the socket's directory; a directory that shows the end of the
///   hooks
/// - [ExitNotice]: the notice to the parent that this program has called `System.exit`
/// - [ParentProcess], [TerminalInterrupt]: a child's relation to its parent; a Ctrl-C left to the
///   parent
/// - [Ends]: a channel with both ends in this process
/// - [RendezvousException]: the failure to bring two processes together
@NullMarked
package dev.ipcchannel.internal.rendezvous;

import org.jspecify.annotations.NullMarked;
