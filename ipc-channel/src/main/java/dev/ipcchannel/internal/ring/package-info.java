/// One direction of a lane as bytes: a single-writer, single-reader ring and the words beside it.
///
/// Nothing here makes a native call, waits or knows a socket. Everything shared is reached through
/// [Memory], so that the very same code runs over mapped memory, over a recording that replays
/// every crash, and under an explorer of all interleavings.
///
/// Start with [RingLayout] (where the bytes are), then [RingWriter] and [RingReader].
@NullMarked
package dev.ipcchannel.internal.ring;

import org.jspecify.annotations.NullMarked;
