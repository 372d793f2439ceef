/// The packets on the sockets of channels and names, what stands in a record beside its payload,
/// and an end inside a message: what processes share beside a ring.
///
/// What goes wrong in the rooms above is said as a [LaneException].
///
/// Used by `dev.ipcchannel`, `child`, `named`, `select`, `transport`, `internal.end`,
/// `internal.meet`, `internal.presence`, `internal.receive`, `internal.rendezvous`, `internal.send`
/// and `internal.stream`; uses `internal.posix`, `internal.process` and `internal.ring`. Start with
/// [Hello] and [LanePacket].
///
/// - [Hello], [LanePacket]: the one packet of the handshake; the packets on a channel's sockets
/// - [Greeting], [Notice]: the packets of two members of a name that meet; a word later on
/// - [SpillLayout]: what a record says of a long message's file
/// - [Transfer], [LaneSettings]: an end inside a message; its channel's settings, its first words
/// - [LaneException], [PeerAccount]: why an end cannot go on; what is known of a process then
@NullMarked
package dev.ipcchannel.internal.wire;

import org.jspecify.annotations.NullMarked;
