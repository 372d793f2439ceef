/// Tests of child processes and of the ways to talk with them.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;
