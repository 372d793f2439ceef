/// Many receivers at once: a wait for the first that has something, and a loop that hands each
/// message to its handler.
///
/// A [dev.ipcchannel.select.ReceiverSet] is for a thread of the program, which takes the messages;
/// a [dev.ipcchannel.select.Router] has its own thread, which calls handlers. While a receiver is
/// in one of them, no other code receives from it.
@NullMarked
package dev.ipcchannel.select;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `internal.end`,
// `internal.posix`, `internal.wait` and `internal.wire`. Start with [ReceiverSet], then
// [Selection].
//
// - [ReceiverSet], [ReceiverEvent]: a wait on many receivers, and what it finds
// - [Router], [Route], [RouteHandler]: a loop that hands each receiver's messages to a handler
// - [Selection], [SetEntry]: the search for members that may have something, and the sleep until
//   one has; the entry of a member
