/// Channels for tests of programs that use the library, with the failures of two processes on
/// request, in one process.
///
/// A [dev.ipcchannel.testing.InProcess] is one channel, a [dev.ipcchannel.testing.InProcessDuplex]
/// both sides of a conversation.
@NullMarked
package dev.ipcchannel.testing;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs' tests; uses `dev.ipcchannel`, `internal.end` and
// `internal.rendezvous`. Start with [InProcess].
//
// - [InProcess], [InProcessDuplex]: a channel, and two of them, with faults on request
