/// One direction of a lane as bytes: a single-writer, single-reader ring and the words beside it.
///
/// Nothing here makes a native call, waits or knows a socket. All shared bytes are reached through
/// [Memory], so that the same code runs over mapped memory, over a recording that replays every
/// crash, and under an explorer of all interleavings.
///
/// Used by `dev.ipcchannel`, `internal.end`, `internal.presence`, `internal.receive`,
/// `internal.send` and `internal.wire`; uses none. Start with [RingLayout] (where the bytes are),
/// then [RingWriter] and [RingReader].
///
/// - [RingLayout], [RecordHeader]: the places of all words; the eight bytes that commit a record
/// - [RingWriter], [RingReader]: claim, copy, commit; poll, copy, consume, publish
/// - [RingMarks]: two words, one stored by each side and loaded by the other
/// - [SleepWord], [WakeWord]: "I am asleep", and the other side's look at it
/// - [Memory], [SegmentMemory]: shared bytes, with the order in each method's name; the mapped ones
/// - [RingViolation]: a breach of the format by the other process
@NullMarked
package dev.ipcchannel.internal.ring;

import org.jspecify.annotations.NullMarked;
