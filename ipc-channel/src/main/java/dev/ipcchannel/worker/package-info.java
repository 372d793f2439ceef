/// Supervised child processes, and sets of workers that do jobs in them.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;
