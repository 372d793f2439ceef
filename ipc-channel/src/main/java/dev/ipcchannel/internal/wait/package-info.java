/// The waits of all rooms: a [Turn] among threads of this process, and the [Watcher]
/// that the kernel notifies of what comes from others.
@NullMarked
package dev.ipcchannel.internal.wait;

import org.jspecify.annotations.NullMarked;
