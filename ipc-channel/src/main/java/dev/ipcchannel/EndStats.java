package dev.ipcchannel;

import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.end.Tally;
import java.time.Duration;

/// The numbers of what an end of a channel has done and holds. A sender's are those of all senders
/// of its process that share a ring with it.
///
/// They are counted beside the messages without a lock or a fence: each number is right by itself,
/// and while messages flow two of them may be of different moments. An end that has moved to
/// another process begins there at zero. A [Link] over a socket counts the socket with what goes
/// out.
///
/// @param messages sent, or received
/// @param bytes of these messages as the codec made them
/// @param blocked how long threads have waited here, asleep or looking: for room, for messages, for
/// a receiver, or for another thread's turn; a wait that goes on included. A look that ends within
/// some microseconds may be missing, for the clock is not asked so often
/// @param wakeUps how many sleeps have ended, for whatever reason
/// @param bells how often the other side was woken from here
/// @param highWaterMark of a sender, the most bytes of its ring that were unread at once, as far as
/// was seen: it looks at each 64th message, and when it begins to wait for room; a message outside
/// the ring counts with the 64 bytes that it takes there. 0 for a receiver
/// @param spills how many of the messages were too long for the ring, and had memory of their own
/// @param descriptors that this end has open in this process
/// @param memory bytes mapped into this process for this end: rings and the memory of long messages
public record EndStats(long messages, long bytes, Duration blocked, long wakeUps, long bells,
        long highWaterMark, long spills, int descriptors, long memory) {

    static EndStats of(Tally tally) {
        return new EndStats(tally.messages(), tally.bytes(),
                Duration.ofNanos(tally.blockedNanos()), tally.wakeUps(), tally.bells(),
                tally.highWaterMark(), tally.spills(), tally.descriptors(), tally.memory());
    }

    @Override
    public String toString() {
        return ("EndStats[messages=%d, bytes=%d, blocked=%s, wakeUps=%d, bells=%d, highWaterMark=%d,"
                + " spills=%d, descriptors=%d, memory=%d]").formatted(messages, bytes,
                        ShownTime.of(blocked), wakeUps, bells, highWaterMark, spills, descriptors,
                        memory);
    }
}
