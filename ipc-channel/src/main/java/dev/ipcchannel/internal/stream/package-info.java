/// The frames over Unix stream sockets, which one thread of this process serves.
///
/// Any thread puts frames, and writes them itself if the socket takes them; a platform thread that
/// waits for frames reads them itself. The loop reads for others, sees ends, and flushes the rest.
/// The first frame of a client is read by the thread that waits for it.
///
/// Used by `transport`; uses `internal.posix`, `internal.rendezvous`, `internal.wait` and
/// `internal.wire`. Start with [UnixConnection] and [UnixLoop].
///
/// - [UnixConnection], [Inflow], [Outflow], [FlowCounts]: a connected socket; the frames that come;
///   the frames that go; counts
/// - [ConnectionEnd], [UnixLifeline]: the reason why a connection cannot go on; a second
///   connection, beside a link's
/// - [SocketFrame], [FrameReader], [FrameWriter]: a frame; its way in and out
/// - [FrameDoorway], [FrameCandidate], [SocketHello]: the way in for clients; a client; its
///   greeting
/// - [SocketLifelines]: lifelines of clients that are not accepted
/// - [UnixLoop]: the one thread of all these sockets
@NullMarked
package dev.ipcchannel.internal.stream;

import org.jspecify.annotations.NullMarked;
