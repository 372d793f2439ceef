/// The transports between two processes, such as a child and its parent, and the interface for a
/// program's own transports.
@NullMarked
package dev.ipcchannel.transport;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs, `child` and `worker`; uses `dev.ipcchannel`,
// `internal.codec`, `internal.posix`, `internal.process`, `internal.rendezvous`, `internal.stream`
// and `internal.wire`. Start with [Transport], then [ShmTransport] and [UnixTransport].
//
// - [Transport], [AwaitedChild]: a transport and its listener; the child that a listener waits for
// - [ShmTransport], [ShmTerms]: over rings in shared memory; the terms for a child there
// - [UnixTransport], [UnixListener], [UnixVetting], [UnixLink]: over a Unix socket; its listener;
//   the check of a client; a link over a connection
// - [OtherSide], [LinkTypes], [SocketFailures]: the process at the other end and the types of a
//   link, in words for error texts; the translation of socket failures
// - [TransportAccess]: the door to package-private members for `child`
