/// Storms that try to break what ipc-channel promises, each with counts that show what it hit.
///
/// [dev.ipcchannel.torture.Torture] is the main class and [dev.ipcchannel.torture.Storm] what a
/// storm is; the list of storms is [dev.ipcchannel.torture.Storms]. Each has a package of its own,
/// with the mains of its child processes.
@NullMarked
package dev.ipcchannel.torture;

import org.jspecify.annotations.NullMarked;
