/// The programs inside the processes that are measured: one class for each contender, and the two
/// loops that measure all of them alike.
///
/// [dev.ipcchannel.benchmarks.worker.Worker] is the main class of a contender's processes. It obeys
/// lines on its standard input and never touches the machine while it waits for one.
@NullMarked
package dev.ipcchannel.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
