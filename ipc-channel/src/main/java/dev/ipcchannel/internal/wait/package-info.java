/// The waits of all rooms: a [Turn] and a [Guard] among threads of this process, a [Waiter] in the
/// kernel's poll or a [FutexWait] for what comes from others, and the [Watcher] that the kernel
/// notifies of it.
@NullMarked
package dev.ipcchannel.internal.wait;

import org.jspecify.annotations.NullMarked;
