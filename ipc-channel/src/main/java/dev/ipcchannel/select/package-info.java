/// Many receivers at once: a wait for what comes first, and a loop that hands each message to its
/// handler.
///
/// A [dev.ipcchannel.select.ReceiverSet] is for a thread of the program's own, which asks for what
/// has come; a [dev.ipcchannel.select.Router] has the thread and calls. A receiver that is in one
/// of them is received from there alone, until it is taken out.
@NullMarked
package dev.ipcchannel.select;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `internal.end`,
// `internal.posix`, `internal.wait` and `internal.wire`. Start with [ReceiverSet], then
// [Selection].
//
// - [ReceiverSet], [ReceiverEvent]: a wait on many receivers, and what it finds
// - [Router], [Route], [RouteHandler]: a loop that hands each receiver's messages to a handler
// - [Selection], [SetEntry]: which members may have something, and a sleep until one has; one of
//   them there
