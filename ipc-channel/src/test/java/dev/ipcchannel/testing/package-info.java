/// The base of tests with several processes: child JVMs, and checks that nothing is left of them.
@NullMarked
package dev.ipcchannel.testing;

import org.jspecify.annotations.NullMarked;
