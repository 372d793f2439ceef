/// The meeting of two processes that share a socket's name: a child and its parent.
///
/// The server is a Unix socket in a directory of its own that only its user may enter: of packets,
/// or of the frames of `internal.stream`. Over packets the client sends one,
/// [dev.ipcchannel.internal.wire.Hello], with the receiving end of a bootstrap channel, and
/// everything else goes through that channel at once. The connection stays open for as long as both
/// processes live.
///
/// Used by `dev.ipcchannel`, `child`, `named`, `testing`, `transport`, `internal.job`,
/// `internal.launch`, `internal.presence` and `internal.stream`; uses `internal.end`,
/// `internal.posix`, `internal.process`, `internal.receive`, `internal.send`, `internal.wait` and
/// `internal.wire`. Start with [Rendezvous] and [Connector].
///
/// - [Rendezvous], [Outcome], [Candidates], [Child]: the server's side; what comes of a wait there;
///   the clients that have connected; the child that is expected
/// - [Doorway], [Candidate], [Admission], [Vetting]: a kind of socket; one client by it; its way
///   through; who gets through
/// - [PacketDoorway], [PacketCandidate]: these two over packets
/// - [Connector]: the client's side
/// - [ServerDirectory], [ExitSign]: the socket's directory; one that says that the hooks have ended
/// - [Parenthood], [TerminalInterrupt]: what a child knows of its parent; a Ctrl-C left to that
/// - [Ends]: a channel whose two ends are both at home
/// - [RendezvousException]: why two processes could not be brought together
@NullMarked
package dev.ipcchannel.internal.rendezvous;

import org.jspecify.annotations.NullMarked;
