/// Processes that run out of system resources, and system calls that fail: each such fault must
/// become a typed error in one sentence, and leave nothing.
@NullMarked
package dev.ipcchannel.torture.limits;

import org.jspecify.annotations.NullMarked;
