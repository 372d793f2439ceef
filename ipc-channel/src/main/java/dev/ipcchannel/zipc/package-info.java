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
/// Each queue has one sender, one receiver, and slots of one size. It has no types and does not
/// detect the death of the other side: between Java programs, a `Channel` does more. docs/zipc.md
/// has the format.
@NullMarked
package dev.ipcchannel.zipc;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs; uses `dev.ipcchannel`, `internal.posix` and
// `internal.wait`. Start with [ZipcQueue].
//
// - [ZipcSender], [ZipcReceiver], [ZipcMessage]: the two ends; a message in its slot
// - [ZipcEnd], [ZipcOptions], [ZipcDialect]: the common part of both ends; their options; the place
//   of the flag
// - [Zipc]: the functions without an end: a file's path, its size, its removal
// - [OpenQueue], [QueueFile]: an open queue with its memory and its close; its file, checked
// - [ZipcQueue], [QueueLayout]: the accesses to the words in memory, each checked; their layout
// - [HexDump]: bytes for people
