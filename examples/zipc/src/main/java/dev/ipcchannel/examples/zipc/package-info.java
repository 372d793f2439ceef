/// The programs of zipc's documentation in Java, which talk with each other and with those in C and
/// C++ beside them.
@NullMarked
package dev.ipcchannel.examples.zipc;

import org.jspecify.annotations.NullMarked;
