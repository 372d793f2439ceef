/// A worker that does sums.
@NullMarked
package dev.ipcchannel.examples.worker;

import org.jspecify.annotations.NullMarked;
