/// Starts the examples as their users do, and reads what they print.
@NullMarked
package dev.ipcchannel.examples;

import org.jspecify.annotations.NullMarked;
