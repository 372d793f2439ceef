/// Tests of child processes, and of the link between a child and its parent.
@NullMarked
package dev.ipcchannel.child;

import org.jspecify.annotations.NullMarked;
