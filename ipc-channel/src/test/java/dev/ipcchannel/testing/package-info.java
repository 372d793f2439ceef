/// The ground of the tests of more than one process: child JVMs, and the watch over what they leave
/// behind.
@NullMarked
package dev.ipcchannel.testing;

import org.jspecify.annotations.NullMarked;
