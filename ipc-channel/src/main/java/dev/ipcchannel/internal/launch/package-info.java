/// Programs as words for `java`: what a child runs, and where it finds the classes that this JVM
/// has found in its own way.
@NullMarked
package dev.ipcchannel.internal.launch;

import org.jspecify.annotations.NullMarked;
