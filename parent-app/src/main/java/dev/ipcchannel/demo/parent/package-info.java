/// The parent of a parent and its child: starts a child JVM, gets two channel ends from it, talks
/// and says goodbye.
@NullMarked
package dev.ipcchannel.demo.parent;

import org.jspecify.annotations.NullMarked;
