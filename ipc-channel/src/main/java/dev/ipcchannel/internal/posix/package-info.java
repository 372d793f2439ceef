/// The kernel, and the only package that links native functions.
///
/// Every function is called through one shape (see [Native]), with the memory that a call needs
/// borrowed as a [Frame]. A failed call is a [PosixException]; what a caller must expect in
/// ordinary life (nothing there yet, the peer is gone) is an answer.
///
/// Used by `dev.ipcchannel`, `child`, `named`, `select`, `transport`, `zipc`, `internal.end`,
/// `internal.launch`, `internal.meet`, `internal.presence`, `internal.process`, `internal.receive`,
/// `internal.rendezvous`, `internal.send`, `internal.stream`, `internal.wait` and `internal.wire`;
/// uses none. Start with [Native], then [Descriptor] and [Sockets].
///
/// - [Native], [Frame]: the one linked shape: six longs in, one out; memory for one call
/// - [PosixException], [Errno], [Shortage]: a failed call; its number; what has run out, in words
/// - [Descriptor], [Closer]: an open descriptor with one owner; where those of a peer are closed
/// - [SharedMemory], [RefusedMemoryException]: a sealed memory file, mapped; one refused
/// - [NamedMemory], [RefusedFileException]: a file by its name, mapped after a check; one refused
/// - [Futex]: a wait on a word of such memory
/// - [AvailableMemory], [MemoryCgroups], [Figures]: the memory to be had; limits; numbers
/// - [Sockets], [Packet], [Streams], [Chunk], [MessageHeader]: sockets of packets and of bytes,
///   what goes through them with its descriptors, and the kernel's struct for that
/// - [PollSet], [Event], [Epoll], [Inotify]: sockets to wait on; a descriptor that wakes; watches
/// - [Pause], [Backoff]: a rest between two looks; ever longer ones
/// - [Flock], [Users], [RandomBytes], [Platform]: locks; this user; unguessable bytes; this JVM
/// - [FileCalls], [FileState], [FileNames], [LocaleCharset]: files, with numbers for failures;
///   names and words as bytes, here and in another locale
/// - [Signals], [ProcessWalk], [Alarm]: signals; a kill of all with a mark; this process's own end
@NullMarked
package dev.ipcchannel.internal.posix;

import org.jspecify.annotations.NullMarked;
