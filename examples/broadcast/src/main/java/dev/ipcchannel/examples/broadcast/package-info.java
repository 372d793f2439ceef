/// Programs that broadcast by a name: those of libipc's documentation, in two terminals each or in
/// one process.
@NullMarked
package dev.ipcchannel.examples.broadcast;

import org.jspecify.annotations.NullMarked;
