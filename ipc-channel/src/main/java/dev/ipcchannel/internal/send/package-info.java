/// The way of one message to many receivers.
@NullMarked
package dev.ipcchannel.internal.send;

import org.jspecify.annotations.NullMarked;
