/// Queues that C, C++ and Zig programs share with Java: zipc's shared memory, byte for byte.
///
/// ```java
/// try (var sender = ZipcSender.open("/prices", 64, 1024)) { // in one process, of any language
///     boolean isAccepted = sender.send("hello".getBytes(UTF_8));
/// }
///
/// try (var receiver = ZipcReceiver.open("/prices", 64, 1024)) { // in another
///     ZipcMessage message = receiver.receive(Duration.ofMillis(800)); // in place, or null
/// }
/// ```
///
/// One sender and one receiver for each queue, slots of one size, no types, and no word of the
/// other side's death: where both sides are Java, a `Channel` does more. The format is in
/// docs/zipc.md.
@NullMarked
package dev.ipcchannel.zipc;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `internal.posix` and
// `internal.wait`. Start with [ZipcQueue].
//
// - [ZipcSender], [ZipcReceiver], [ZipcMessage]: the two ends; a message in its slot
// - [ZipcEnd], [ZipcOptions], [ZipcDialect]: what both ends are; their options; where a flag lies
// - [Zipc]: what needs no end: the file's name, its size, its removal
// - [OpenQueue], [QueueFile]: an open queue's memory, thread inside and close; its file, checked
// - [ZipcQueue], [QueueLayout]: the words in memory, each checked; their places
// - [HexDump]: bytes for people
