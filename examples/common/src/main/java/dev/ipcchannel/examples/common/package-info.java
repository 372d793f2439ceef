/// The messages between the host and its workers.
@NullMarked
package dev.ipcchannel.examples.common;

import org.jspecify.annotations.NullMarked;
