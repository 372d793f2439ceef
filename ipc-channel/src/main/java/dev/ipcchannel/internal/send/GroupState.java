package dev.ipcchannel.internal.send;

import dev.ipcchannel.internal.end.Counters;
import dev.ipcchannel.internal.wait.Turn;

/// The state of a [Group] that all its rooms share.
///
/// @param turn whose lock is the lock of the group
/// @param members the receivers that get a message now; changed under that lock
/// @param claims of the message that is being sent; used under that lock
/// @param counters of the messages; those of the lanes count for the process
record GroupState(Turn turn, Members members, Claims claims, Counters counters) {}
