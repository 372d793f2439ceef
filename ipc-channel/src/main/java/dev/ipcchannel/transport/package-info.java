/// The ways on which two processes reach each other: what carries the messages of a child and its
/// parent, and the place for ways of one's own.
@NullMarked
package dev.ipcchannel.transport;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs, `child` and `worker`; uses `dev.ipcchannel`,
// `internal.codec`, `internal.posix`, `internal.process`, `internal.rendezvous`, `internal.stream`
// and `internal.wire`. Start with [Transport], then [ShmTransport] and [UnixTransport].
//
// - [Transport], [AwaitedChild]: a way, with its listener; the child that a listener waits for
// - [ShmTransport], [ShmTerms]: over rings in shared memory; what a child has to keep to there
// - [UnixTransport], [UnixListener], [UnixVetting], [UnixLink]: over a Unix socket; a place where
//   one process connects; which one it may be; a link over a connection
// - [OtherSide], [LinkTypes], [SocketFailures]: the process at the other end and the types of a
//   link, in sentences; the place where failures of sockets become errors
// - [TransportAccess]: the door to this package's inside for `child`
