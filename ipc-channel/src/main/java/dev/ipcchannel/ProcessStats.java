package dev.ipcchannel;

import dev.ipcchannel.internal.end.Tally;

/// The numbers of what all ends that this process has, or had, have done, and of what the open ones
/// hold.
///
/// The ends by which processes meet ([OneShotServer]) are among them. Not counted is what belongs
/// to no end: the library's own few descriptors, and [SharedBytes].
///
/// @param openSenders how many senders are open, each [Sender#share] and [OpaqueSender] by itself
/// @param openReceivers how many receivers are open
/// @param sent of all senders together; its `highWaterMark` is the highest of one ring
/// @param received of all receivers together
public record ProcessStats(int openSenders, int openReceivers, EndStats sent, EndStats received) {

    /// The numbers as they are now. Looks at every open end, and holds none of them up.
    public static ProcessStats now() {
        Tally senders = Tally.ofProcess(Tally.Side.SENDER);
        Tally receivers = Tally.ofProcess(Tally.Side.RECEIVER);
        return new ProcessStats(senders.ends(), receivers.ends(), EndStats.of(senders),
                EndStats.of(receivers));
    }
}
