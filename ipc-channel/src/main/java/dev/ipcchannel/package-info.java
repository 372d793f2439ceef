/// Typed channels between JVMs, and other processes, on one machine.
///
/// A [dev.ipcchannel.Channel] has one [dev.ipcchannel.Receiver] and any number of
/// [dev.ipcchannel.Sender]s. Either end can be put into a message and goes to another process with
/// it. A [dev.ipcchannel.OneShotServer] hands the first ends over to a child process. Bytes travel
/// in shared memory; the kernel says when a peer is gone.
///
/// A failure between processes is an [dev.ipcchannel.IpcException], unchecked, with one class for
/// each kind. Wrong use by the caller is an `IllegalArgumentException` or `IllegalStateException`.
/// `Thread.interrupt` ends every wait with an `InterruptedException` and leaves the channel intact.
///
/// A method with a `Duration` waits no longer than that, and not at all if it is zero or negative,
/// as the rest of a time that has passed may be. A duration in a setting, a grace for instance,
/// must not be negative.
@NullMarked
package dev.ipcchannel;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs, `call`, `child`, `named`, `select`, `testing`,
// `transport`, `worker`, `zipc` and `internal.job`; uses `internal.codec`, `internal.end`,
// `internal.posix`, `internal.process`, `internal.receive`, `internal.rendezvous`, `internal.ring`,
// `internal.send`, `internal.value`, `internal.wait` and `internal.wire`. Start with [Channel],
// then [Sender] and [Receiver].
//
// - [Channel], [ChannelOptions], [WaitStrategy]: a pair of ends; its rings, message length and
//   waits
// - [Sender], [SendOutcome], [Claim]: the sending end; the result of a `trySend`; a message in
//   place
// - [Receiver], [MessageReader], [MessageHandler]: the receiving end; its decoding; reading in
//   place
// - [EndableWait]: a wait that any thread can end without loss, for [MessageSpliterator] (a
//   stream), [ReceiveFuture] and [MessagePublisher]; [MessageIterator]: the iterator of a loop
// - [Link], [Duplex]: one side of a conversation; a pair of ends
// - [OneShotServer], [CheckedFirstMessage]: the server to which a child hands its first ends over
// - [Transferable], [EndKind]: objects that travel in a message; the way a decoder takes one out
// - [OpaqueSender], [OpaqueReceiver], [SharedBytes]: ends without a type, to be handed on; bytes
//   that many processes read without a copy
// - [EndStats], [ProcessStats]: the numbers of an end, and of all ends of the process
// - [ChildReport]: the known facts about a child
// - [Codec], [Encoder], [Decoder], [MessageBytes], [MessageHead]: message to bytes and back;
//   closing the ends in a dropped message; the beginning of an unreadable message
// - [Codecs], [KnownCodec], [TypeToken]: the library's codecs, by type
// - [MessageTypes], [ArrivedEnds]: the comparison of types; the ends taken out of a message
// - [Origin], [ForgottenEnds], [EndCloser]: an end's mark; forgotten ends
// - [IpcException], [IpcStatus], [Failures], [RemoteTrace]: the errors, each with a number; the
//   translation of internal exceptions; another process's stack
// - [CallFailed], [ChildFailed], [CodecFailed], [Disconnected], [EndClosed], [HandshakeFailed],
//   [MessageTooLarge], [NoReceiver], [NodeUnreachable], [ProtocolViolation], [ResourceExhausted],
//   [SystemCallFailed], [TimedOut], [TypeMismatch], [UnsupportedPlatform], [WorkerDied],
//   [WorkersBusy]: the kinds
// - [EndAccess]: the door to package-private members for other packages of the library
