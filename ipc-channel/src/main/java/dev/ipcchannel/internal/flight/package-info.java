/// Events for the JDK's flight recorder, made while a recording runs.
///
/// The only room that knows `jdk.jfr`, which may be missing. Nothing after [Flight] is loaded
/// before the first recording of the process.
///
/// Used by `internal.receive` and `internal.send`; uses none. Start with [Flight].
///
/// - [Flight]: what may be recorded; a load and a branch while nothing records
/// - [Events]: the events' names and fields, and the making of each
@NullMarked
package dev.ipcchannel.internal.flight;

import org.jspecify.annotations.NullMarked;
