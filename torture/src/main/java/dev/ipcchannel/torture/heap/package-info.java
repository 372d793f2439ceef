/// A heap that is full at one allocation, each in turn. The result must be a typed error, an end
/// that can be used or closed, and no leak.
@NullMarked
package dev.ipcchannel.torture.heap;

import org.jspecify.annotations.NullMarked;
