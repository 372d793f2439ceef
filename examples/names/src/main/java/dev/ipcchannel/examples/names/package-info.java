/// Programs that connect by a name: a receiver and a sender, and both again with a heartbeat that
/// the sender waits for.
@NullMarked
package dev.ipcchannel.examples.names;

import org.jspecify.annotations.NullMarked;
