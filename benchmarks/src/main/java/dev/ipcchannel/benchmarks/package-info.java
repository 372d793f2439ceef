/// Measurements of ipc-channel beside what it can be compared with, each run a set of ratios.
///
/// [dev.ipcchannel.benchmarks.Bench] is the main class. It measures nothing itself: it starts the
/// processes of [dev.ipcchannel.benchmarks.worker], has them take turns, and prints.
@NullMarked
package dev.ipcchannel.benchmarks;

import org.jspecify.annotations.NullMarked;
