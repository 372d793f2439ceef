/// Jobs over the machines of a cluster, by the servers of NATS with JetStream.
///
/// A program that asks has [dev.ipcchannel.cluster.ClusterWorkers]; each machine that does jobs has
/// a [dev.ipcchannel.cluster.ClusterNode].
@NullMarked
package dev.ipcchannel.cluster;

// The room, for its readers. Start with Asker and HeldJob, the two ends of a job's way.
//
// - [ClusterWorkers], [ClusterNode], [ClusterOptions]: the two programs; what they agree on
// - [Engine], [ConnectErrors], [SetNames], [JobCodecs]: the servers; why they are not reached; the
//   names of a set there; its types
// - [Pulse]: the signs of life of both sides
// - [Asker], [OpenJob], [Audit], [InOrder]: the side that asks; a job there; its comparison with
//   nodes and servers; its listeners one after another
// - [Node], [Puller], [Hands], [HeldJob], [Courier], [JobHeaders]: a node; the jobs that it takes;
//   how many it may have; a job there; the way of its answers; the context of its jobs
// - [NodeService], [StatusLines], [NodeCounts], [NodeStats]: a program that is a node; what it says
// - [Envelope], [Try], [ToAsker], [ToNode], [Ending]: what travels

import org.jspecify.annotations.NullMarked;
