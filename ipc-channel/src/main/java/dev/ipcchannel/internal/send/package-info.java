/// How one message goes to many.
@NullMarked
package dev.ipcchannel.internal.send;

import org.jspecify.annotations.NullMarked;
