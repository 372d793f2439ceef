/// The code that the build must refuse.
@NullMarked
package dev.ipcchannel.gate;

import org.jspecify.annotations.NullMarked;
