package dev.ipcchannel;

import dev.ipcchannel.internal.end.Counters;

/// The counters of all ends of this process, closed ones included, and the resources of the open
/// ones.
///
/// The ends by which processes connect ([OneShotServer]) are included. [SharedBytes] and the
/// library's own few descriptors belong to no end and are not counted.
///
/// @param openSenders how many senders are open, each [Sender#share] and [OpaqueSender] by itself
/// @param openReceivers how many receivers are open
/// @param sent of all senders together; its `highWaterMark` is the highest of one ring
/// @param received of all receivers together
public record ProcessStats(int openSenders, int openReceivers, EndStats sent, EndStats received) {

    /// The numbers as they are now. Looks at every open end and delays none.
    public static ProcessStats now() {
        Counters senders = Counters.ofProcess(Counters.Side.SENDER);
        Counters receivers = Counters.ofProcess(Counters.Side.RECEIVER);
        return new ProcessStats(senders.ends(), receivers.ends(), EndStats.of(senders),
                EndStats.of(receivers));
    }
}
