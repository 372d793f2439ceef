package dev.ipcchannel.cluster;

import dev.ipcchannel.Codec;
import java.util.List;

/// A message of a process that asks to a node. The node answers each.
sealed interface ToNode {

    Codec<ToNode> CODEC = Codec.of(ToNode.class);

    /// The answer is not wanted any more. Sent again each second until the node has replied.
    record Cancel(Try about) implements ToNode {}

    /// Asks which of these jobs the node does not have: it will never report their end.
    ///
    /// @param jobs their ids
    record Which(List<String> jobs) implements ToNode {}

    /// The answer to that.
    ///
    /// @param jobs their ids
    record Lacking(List<String> jobs) {

        static final Codec<Lacking> CODEC = Codec.of(Lacking.class);
    }
}
