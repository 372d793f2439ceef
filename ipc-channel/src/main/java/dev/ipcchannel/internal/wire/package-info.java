/// The packets on the sockets of channels and names, the contents of records other than payloads,
/// and the form of an end inside a message: everything that processes share beside a ring.
///
/// A failure in the rooms above is a [LaneException].
///
/// Used by `dev.ipcchannel`, `child`, `named`, `select`, `transport`, `internal.end`,
/// `internal.meet`, `internal.presence`, `internal.receive`, `internal.rendezvous`, `internal.send`
/// and `internal.stream`; uses `internal.posix`, `internal.process` and `internal.ring`. Start with
/// [Hello] and [LanePacket].
///
/// - [Hello], [LanePacket]: the one packet of the handshake; the packets on a channel's sockets
/// - [Greeting], [Notice]: the packets of two members of a name that meet; a later notice between
///   them
/// - [SpillLayout]: the record of a long message, which names its file
/// - [Transfer], [LaneSettings]: an end inside a message; the settings of its channel, which come
///   first there
/// - [LaneException], [PeerAccount]: the reason why an end cannot go on; the facts known of a
///   process
@NullMarked
package dev.ipcchannel.internal.wire;

import org.jspecify.annotations.NullMarked;
