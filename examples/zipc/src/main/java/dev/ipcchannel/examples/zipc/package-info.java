/// The programs of zipc's documentation in Java, which exchange messages with each other and with
/// the programs in C and C++ in this folder.
@NullMarked
package dev.ipcchannel.examples.zipc;

import org.jspecify.annotations.NullMarked;
