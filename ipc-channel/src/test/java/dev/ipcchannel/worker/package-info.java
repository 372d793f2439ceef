/// Tests of sets of workers.
@NullMarked
package dev.ipcchannel.worker;

import org.jspecify.annotations.NullMarked;
