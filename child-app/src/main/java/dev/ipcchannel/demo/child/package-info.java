/// The child of a parent and its child: makes two channels, sends their far ends to the parent, and
/// answers each message.
@NullMarked
package dev.ipcchannel.demo.child;

import org.jspecify.annotations.NullMarked;
