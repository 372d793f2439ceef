/// The bytes that two processes share beside a ring: the packets on a lane's socket
/// ([LanePacket]), what a record says of a long message's file ([SpillLayout]), and an end inside a
/// message ([Transfer]), with its channel's [LaneSettings].
///
/// What goes wrong in the rooms above is said as a [LaneException].
@NullMarked
package dev.ipcchannel.internal.wire;

import org.jspecify.annotations.NullMarked;
