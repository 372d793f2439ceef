/// The events for the JDK's flight recorder, made while a recording runs.
///
/// This is the only room that knows `jdk.jfr`, which may be missing. No class other than [Flight]
/// is loaded before the first recording of the process.
///
/// Used by `internal.receive` and `internal.send`; uses none. Start with [Flight].
///
/// - [Flight]: the events that can be recorded; a load and a branch while there is no recording
/// - [Events]: the events' names and fields, and the making of each
@NullMarked
package dev.ipcchannel.internal.flight;

import org.jspecify.annotations.NullMarked;
