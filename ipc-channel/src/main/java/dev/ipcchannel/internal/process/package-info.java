/// The other processes of this machine.
///
/// Used by `dev.ipcchannel`, `child`, `transport`, `internal.end`, `internal.rendezvous` and
/// `internal.wire`; uses `internal.posix`. Start with [ProcessTree].
///
/// - [ProcessTree]: a process and its descendants
/// - [ProcessMemory]: how much memory a process has
/// - [ProcessEnd], [ExitCode], [Kill]: the end of a process, as a future; the meaning of its exit
///   code; the origin of its SIGKILL
@NullMarked
package dev.ipcchannel.internal.process;

import org.jspecify.annotations.NullMarked;
