/// Tests of the ways on which two processes reach each other.
@NullMarked
package dev.ipcchannel.transport;

import org.jspecify.annotations.NullMarked;
