package dev.ipcchannel.cluster;

/// A try of a job by a node: what is granted, and by which all that comes of it is known.
///
/// @param job the id of the job
/// @param node the id of the node
/// @param number counts up at each node
record Try(String job, String node, long number) {}
