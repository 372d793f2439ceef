/// Lanes and announcements: rings carry the bytes, sockets keep the promises.
///
/// An [Outbox] is a process's way into a channel: it makes a lane at its first send and announces
/// it. An [Inbox] is a channel's receiver: it takes announcements up and reads every lane. The
/// kernel says who is gone: end-of-file on a lane's socket ends the lane, end-of-file on the
/// announcement socket says that no new one can come. The
/// [dev.ipcchannel.internal.wait.Watcher] tells of both to ends that are not asleep on their sockets.
///
/// What goes wrong leaves this package as a [LaneException] or as the kernel's
/// [dev.ipcchannel.internal.posix.PosixException].
@NullMarked
package dev.ipcchannel.internal.lane;

import org.jspecify.annotations.NullMarked;
