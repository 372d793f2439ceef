/// Supervised child processes, and the conversation of a child and its parent.
@NullMarked
package dev.ipcchannel.child;

import org.jspecify.annotations.NullMarked;

// For readers of the code. Used by programs and `worker`; uses `dev.ipcchannel`, `call`,
// `transport`, `internal.launch`, `internal.posix`, `internal.process`, `internal.rendezvous` and
// `internal.wire`. Start with [ChildJvm] and [ChildStart].
//
// - [ChildJvm], [ChildStart], [StartRefusal]: a plan for a child; one start; why there is none
// - [ChildProcess], [ChildLink]: a child; the conversation with it
// - [Output], [ChildOutput]: where its streams go; what it writes, as far as that is kept
// - [CommandLine], [ChildEncoding], [StartScript], [ArgumentFile]: the words that start it, in the
//   letters of its locale, by a script or a file where need be
// - [ClassArchive], [CrashFile], [UserFolder]: faster classes; a JVM's crash; their folder
// - [LiveChildren], [Parent]: the children that run, for this JVM's exit; a child's own parent
// - [ThreadDump], [AttachSocket]: a dump of a child's threads; its socket
// - [ChildAccess]: the door to this package's inside for `worker`
