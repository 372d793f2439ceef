/// The kernel's functions: this is the only package that links native code.
///
/// Every function is called through one shape (see [Native]), with the memory for the call borrowed
/// as a [Frame]. A failed call is a [PosixException]; a result that a caller has to expect in
/// ordinary life (nothing there yet, the peer is gone) is a return value.
///
/// Used by `dev.ipcchannel`, `child`, `named`, `select`, `transport`, `zipc`, `internal.end`,
/// `internal.launch`, `internal.meet`, `internal.presence`, `internal.process`, `internal.receive`,
/// `internal.rendezvous`, `internal.send`, `internal.stream`, `internal.wait` and `internal.wire`;
/// uses none. Start with [Native], then [Descriptor] and [Sockets].
///
/// - [Native], [Frame]: the one linked shape: six longs in, one out; the memory for one call
/// - [PosixException], [Errno], [Shortage]: a failed call; its number; a lack of a resource in
///   words
/// - [Descriptor], [Closer]: an open descriptor with one owner; the place where those of a peer are
///   closed
/// - [SharedMemory], [RefusedMemoryException]: a sealed memory file, mapped; the refusal of one
/// - [NamedMemory], [RefusedFileException]: a file by its name, mapped after a check; the refusal
///   of one
/// - [Futex]: a wait on a word of such memory
/// - [AvailableMemory], [MemoryCgroups], [Figures]: the available memory; limits; numbers in files
/// - [ChildCgroup], [CgroupFolders], [KernelLog]: a cgroup for a child; the folders of those; the
///   kernel's own log
/// - [Sockets], [Packet], [Streams], [Chunk], [MessageHeader]: sockets of packets and of bytes, the
///   data with descriptors that goes through them, and the kernel's struct for it
/// - [PollSet], [Event], [Epoll], [Inotify]: sockets to wait on; a descriptor that wakes; watches
/// - [Pause], [Backoff]: a sleep between two looks; ever longer ones
/// - [Flock], [Users], [RandomBytes], [Platform]: locks; this user; unguessable bytes; this JVM
/// - [FileCalls], [FileState], [FileNames], [LocaleCharset]: files, with numbers for failures;
///   names and words as bytes, here and in another locale
/// - [Signals], [ProcessWalk], [Alarm]: signals; a kill of all with a mark; the timed end of this
///   process
@NullMarked
package dev.ipcchannel.internal.posix;

import org.jspecify.annotations.NullMarked;
