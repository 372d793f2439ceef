/// Processes that run out of what the system gives, and system calls that fail: each fault is a
/// typed error in one sentence, and leaves nothing.
@NullMarked
package dev.ipcchannel.torture.limits;

import org.jspecify.annotations.NullMarked;
