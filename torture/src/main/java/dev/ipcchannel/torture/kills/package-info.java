/// Kills of processes in every state of a channel, with a record of the state in which each died.
@NullMarked
package dev.ipcchannel.torture.kills;

import org.jspecify.annotations.NullMarked;
