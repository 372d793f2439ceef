/// Typed channels between JVMs, and other processes, on one machine.
///
/// A [dev.ipcchannel.Channel] has one [dev.ipcchannel.Receiver] and any number of
/// [dev.ipcchannel.Sender]s. Either end can be put into a message and goes to another process with
/// it. A [dev.ipcchannel.OneShotServer] hands the first ends over to a child process. Bytes travel
/// in shared memory; the kernel says when a peer is gone.
///
/// What goes wrong is an [dev.ipcchannel.IpcException], unchecked, of a kind that says what; wrong
/// use by the caller is an `IllegalArgumentException` or `IllegalStateException`;
/// `Thread.interrupt` ends every wait with an `InterruptedException` and leaves the channel intact.
///
/// A verb with a `Duration` waits no longer than that; not at all where it is zero or negative, as
/// what is left of a time that is over. What is set once, a grace for instance, refuses a negative
/// one.
@NullMarked
package dev.ipcchannel;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs, `call`, `child`, `named`, `select`, `testing`,
// `transport`, `worker`, `zipc` and `internal.job`; uses `internal.codec`, `internal.end`,
// `internal.posix`, `internal.process`, `internal.receive`, `internal.rendezvous`, `internal.ring`,
// `internal.send`, `internal.value`, `internal.wait` and `internal.wire`. Start with [Channel],
// then [Sender] and [Receiver].
//
// - [Channel], [ChannelOptions], [WaitStrategy]: two ends of one type; rings, waits, message length
// - [Sender], [SendOutcome], [Claim]: the sending end; a `trySend`'s fate; a message in place
// - [Receiver], [MessageReader], [MessageHandler]: the receiving end; its decoding; one in place
// - [EndableWait]: a wait that any thread ends without loss, for [MessageSpliterator] (a stream),
//   [ReceiveFuture], [MessagePublisher]; [MessageIterator]: a loop's
// - [Link], [Duplex]: one side of a conversation; a pair of ends
// - [OneShotServer], [CheckedFirstMessage]: where a child hands its first ends over
// - [Transferable], [EndKind]: what can travel in a message; how a decoder takes one out
// - [OpaqueSender], [OpaqueReceiver], [SharedBytes]: ends without a type, to be handed on; bytes
//   that many processes read without a copy
// - [EndStats], [ProcessStats]: the numbers of an end, and of all ends of the process
// - [ChildReport]: all that is known of a child
// - [Codec], [Encoder], [Decoder], [MessageBytes], [MessageHead]: message to bytes and back; the
//   close of the ends in one that is dropped; the beginning of one that is unreadable
// - [Codecs], [KnownCodec], [TypeToken]: the library's codecs, by type
// - [MessageTypes], [ArrivedEnds]: the comparison of types; the ends taken out of a message
// - [Origin], [ForgottenEnds], [EndCloser]: an end's mark; forgotten ends
// - [IpcException], [IpcStatus], [Failures], [RemoteTrace]: the errors, each with a number; the
//   place where inner exceptions become these; another process's stack
// - [CallFailed], [ChildFailed], [CodecFailed], [Disconnected], [EndClosed], [HandshakeFailed],
//   [MessageTooLarge], [NoReceiver], [ProtocolViolation], [ResourceExhausted], [SystemCallFailed],
//   [TimedOut], [TypeMismatch], [UnsupportedPlatform], [WorkerDied], [WorkersBusy]: the kinds
// - [EndAccess]: the door to this package's inside for other packages of the library
