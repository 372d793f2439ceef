/// Other processes of this machine: a process and those that it has started ([ProcessTree]), its end
/// ([ProcessEnd]), and what its exit code says ([ExitCode]).
@NullMarked
package dev.ipcchannel.internal.process;

import org.jspecify.annotations.NullMarked;
