/// Other processes of this machine.
///
/// Used by `dev.ipcchannel`, `child`, `transport`, `internal.rendezvous` and `internal.wire`; uses
/// `internal.posix`. Start with [ProcessTree].
///
/// - [ProcessTree]: a process and those that it has started
/// - [ProcessEnd], [ExitCode]: the end of one, as a future; what its exit code says
@NullMarked
package dev.ipcchannel.internal.process;

import org.jspecify.annotations.NullMarked;
