/// Tests of the examples, which start them as users do and read what they print.
@NullMarked
package dev.ipcchannel.examples;

import org.jspecify.annotations.NullMarked;
