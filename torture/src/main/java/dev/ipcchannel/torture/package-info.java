/// Storms that try to break the promises of ipc-channel, each with counts that show what it hit.
///
/// [dev.ipcchannel.torture.Torture] is the main class, [dev.ipcchannel.torture.Storm] the interface
/// of a storm, and [dev.ipcchannel.torture.Storms] the list of storms. Each storm has its own
/// package, with the mains of its child processes.
@NullMarked
package dev.ipcchannel.torture;

import org.jspecify.annotations.NullMarked;
