/// Messages that no sender would write, for both codecs, and descriptions of types.
@NullMarked
package dev.ipcchannel.torture.codecs;

import org.jspecify.annotations.NullMarked;
