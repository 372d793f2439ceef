/// What the host and its workers say to each other.
@NullMarked
package dev.ipcchannel.examples.common;

import org.jspecify.annotations.NullMarked;
