package dev.ipcchannel;

import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.end.Counters;
import java.time.Duration;

/// The counters of an end of a channel. Senders of one process that share a ring have them in
/// common.
///
/// They are counted without a lock or a fence: each number is right by itself, but while messages
/// flow, two numbers may be of different moments. An end that has moved to another process starts
/// there at zero. A [Link] over a socket counts the socket's descriptor with the outgoing numbers.
///
/// @param messages sent, or received
/// @param bytes of these messages as the codec made them
/// @param blocked how long threads have waited here, asleep or spinning: for room, for messages,
/// for a receiver, or for another thread's turn. A wait that goes on is included. A spin of some
/// microseconds may be missing, for the clock is not read so often
/// @param wakeUps how many sleeps have ended, for whatever reason
/// @param bells how often this end has woken the other side
/// @param highWaterMark of a sender, the most bytes of its ring that were seen unread at once. It
/// looks at each 64th message, and when it begins to wait for room. A message outside the ring
/// counts with the 64 bytes that it takes in the ring. 0 for a receiver
/// @param spills how many messages were too long for the ring and had memory of their own
/// @param descriptors that this end has open in this process
/// @param memory bytes mapped into this process for this end: rings and the memory of long messages
public record EndStats(long messages, long bytes, Duration blocked, long wakeUps, long bells,
        long highWaterMark, long spills, int descriptors, long memory) {

    static EndStats of(Counters counters) {
        return new EndStats(counters.messages(), counters.bytes(),
                Duration.ofNanos(counters.blockedNanos()), counters.wakeUps(), counters.bells(),
                counters.highWaterMark(), counters.spills(), counters.descriptors(),
                counters.memory());
    }

    @Override
    public String toString() {
        return ("EndStats[messages=%d, bytes=%d, blocked=%s, wakeUps=%d, bells=%d,"
                + " highWaterMark=%d, spills=%d, descriptors=%d,"
                + " memory=%d]").formatted(messages, bytes,
                        ShownTime.of(blocked), wakeUps, bells, highWaterMark, spills, descriptors,
                        memory);
    }
}
