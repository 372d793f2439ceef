/// A heap that is full at one allocation, each in turn: a typed error, an end that can be used or
/// closed, and nothing left.
@NullMarked
package dev.ipcchannel.torture.heap;

import org.jspecify.annotations.NullMarked;
