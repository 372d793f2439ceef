/// Tests of the transports between two processes.
@NullMarked
package dev.ipcchannel.transport;

import org.jspecify.annotations.NullMarked;
