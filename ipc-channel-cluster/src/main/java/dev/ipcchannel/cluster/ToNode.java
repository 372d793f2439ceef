package dev.ipcchannel.cluster;

import dev.ipcchannel.Codec;

/// A message of a process that asks to a node, sent again each second until the node has said what
/// has become of the job.
sealed interface ToNode {

    Codec<ToNode> CODEC = Codec.of(ToNode.class);

    /// The answer is not wanted any more.
    record Cancel(Try about) implements ToNode {}
}
