/// Invalid messages for both codecs, and invalid descriptions of types.
@NullMarked
package dev.ipcchannel.torture.codecs;

import org.jspecify.annotations.NullMarked;
