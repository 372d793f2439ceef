package dev.ipcchannel.internal.rendezvous;

import java.util.List;
import java.util.function.Supplier;

/// A child process that is expected to connect.
///
/// @param process the child, or the first of a few that start each other
/// @param errorLines the last lines of its error output, as far as they are captured
public record Child(Process process, Supplier<List<String>> errorLines) {}
