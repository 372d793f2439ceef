/// The parent of a parent and its child: starts a child JVM, gets two channel ends from it,
/// exchanges messages and sends "quit".
@NullMarked
package dev.ipcchannel.demo.parent;

import org.jspecify.annotations.NullMarked;
