/// Frames over Unix stream sockets, which one thread of this process serves.
///
/// Any thread puts frames, and writes them itself where the socket takes them; the loop accepts,
/// reads, sees ends, and flushes the rest.
///
/// Used by `transport`; uses `internal.posix`, `internal.wait` and `internal.wire`. Start with
/// [UnixConnection] and [UnixLoop].
///
/// - [UnixConnection], [Inflow], [Outflow], [FlowCounts]: a connected socket; what comes, what
///   goes, and how much
/// - [ConnectionEnd], [UnixLifeline]: why it cannot go on; the connection beside a link's
/// - [SocketFrame], [FrameReader], [FrameWriter]: what goes through one; its way in and out
/// - [UnixServer], [SocketCandidates], [SocketHello]: a socket that others connect to; those who
///   have; their first word
/// - [UnixLoop]: the one thread of all these sockets
@NullMarked
package dev.ipcchannel.internal.stream;

import org.jspecify.annotations.NullMarked;
