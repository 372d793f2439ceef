/// The happenings, told to the JDK's flight recorder while somebody records.
///
/// The only room that knows `jdk.jfr`, which may be missing. [Flight] is its door: behind it nothing is
/// loaded before the first recording of the process.
@NullMarked
package dev.ipcchannel.internal.flight;

import org.jspecify.annotations.NullMarked;
