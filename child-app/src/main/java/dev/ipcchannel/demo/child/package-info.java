/// The child of a parent and its child: makes two channels, hands their far ends to the parent, and
/// answers what comes.
@NullMarked
package dev.ipcchannel.demo.child;

import org.jspecify.annotations.NullMarked;
