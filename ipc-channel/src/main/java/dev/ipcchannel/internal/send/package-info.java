/// The way of a message out: an [Outbox] is a process's way into a channel, which makes an
/// [OutboundLane] at its first send and announces it. A [Group] sends one message to many receivers,
/// each by a lane of its own.
@NullMarked
package dev.ipcchannel.internal.send;

import org.jspecify.annotations.NullMarked;
