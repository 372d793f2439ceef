/// Tests of child processes, and of the conversation of a child and its parent.
@NullMarked
package dev.ipcchannel.child;

import org.jspecify.annotations.NullMarked;
