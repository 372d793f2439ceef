/// The way of a message in: an [Inbox] is a channel's receiver, its [Intake] takes up what senders
/// announce, and each [InboundLane] reads a ring that another process writes and nothing here
/// believes. A [Selection] is a wait on many inboxes.
@NullMarked
package dev.ipcchannel.internal.receive;

import org.jspecify.annotations.NullMarked;
