package dev.ipcchannel.examples.cluster;

import java.util.Map;

/// The answer of a worker.
///
/// @param host the machine of its node
/// @param node the process number of its node
/// @param words the words of the text, and how often each is in it
record TextCount(String host, long node, Map<String, Integer> words) {}
