/// Supervised child processes, and the link between a child and its parent.
@NullMarked
package dev.ipcchannel.child;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs and `worker`; uses `dev.ipcchannel`, `call`,
// `transport`, `internal.launch`, `internal.posix`, `internal.process`, `internal.rendezvous` and
// `internal.wire`. Start with [ChildJvm] and [ChildStart].
//
// - [ChildJvm], [ChildStart], [StartRefusal]: a plan for a child; its start; the reason of a
//   refusal
// - [ChildProcess], [ChildLink]: a child; the link to it
// - [Output], [ChildOutput]: the destination of its output; the record of its output
// - [CommandLine], [ChildEncoding], [StartScript], [ArgumentFile]: its command line in the charset
//   of its locale, by a script or a file if needed
// - [UserOptions], [HeapShare]: the options that a user has given; the heap of a JVM that is one of
//   several
// - [MemoryLimit], [ChildMemory], [SystemdScope]: a limit of its memory with its parts; the
//   kernel's hold on that; a cgroup by systemd
// - [ClassArchive], [CrashFile], [UserFolder]: an archive of its classes; the report of its crash;
//   their folder
// - [LiveChildren], [ParentMarks]: the running children, for this JVM's exit; the parent, in a
//   child
// - [ThreadDump], [AttachSocket]: a dump of a child's threads; its socket
// - [ChildAccess]: the door to package-private members for `worker`
