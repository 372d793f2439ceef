package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Tally;
import dev.ipcchannel.internal.wait.Turn;

/// The state of a [Group] that all its rooms have in common.
///
/// @param turn whose lock is that of the group
/// @param members those that get a message now; changed under that lock
/// @param claims of the message that is being sent; used under it
/// @param tally of the messages; the lanes' own count for the process
record GroupState(Turn turn, Members members, Claims claims, Tally tally) {}
