/// Jobs of a set whose workers are killed, with each execution recorded in memory that survives
/// them.
@NullMarked
package dev.ipcchannel.torture.jobs;

import org.jspecify.annotations.NullMarked;
