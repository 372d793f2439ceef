/// Events for the JDK's flight recorder, made while a recording runs.
///
/// The only room that knows `jdk.jfr`, which may be missing. [Flight] is its door: nothing after it is
/// loaded before the first recording of the process.
@NullMarked
package dev.ipcchannel.internal.flight;

import org.jspecify.annotations.NullMarked;
