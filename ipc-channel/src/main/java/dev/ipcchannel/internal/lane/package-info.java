/// What the two sides of a lane have in common: who is at the other side ([Peer], [EndHolders]),
/// what an end has done ([Tally]), the faults that a test asks for, the file of a long message, and
/// the door by which a sender's messages go ([Outgoing]).
@NullMarked
package dev.ipcchannel.internal.lane;

import org.jspecify.annotations.NullMarked;
