package dev.ipcchannel.internal.lane;

import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingLayout;

/// How the lanes of a channel are made and waited on. Travels with a channel's ends.
///
/// @param capacity of each lane's ring, in bytes
/// @param spinNanos how long a wait looks before it sleeps: 0 never looks, [#SPIN_FOREVER] never
/// sleeps
public record LaneSettings(int capacity, long spinNanos) {

    /// The most descriptors that one message can take along.
    public static final int MAX_DESCRIPTORS = RecordHeader.MAX_PARTS * Packet.MAX_DESCRIPTORS;

    /// Never sleeps.
    public static final long SPIN_FOREVER = Long.MAX_VALUE;

    public LaneSettings {
        if (!RingLayout.isCapacity(capacity) || spinNanos < 0) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    "channel settings are out of bounds: capacity="
                            + capacity + ", spinNanos=" + spinNanos);
        }
    }

    /// The longest message that a lane carries, in bytes.
    public int maxMessage() {
        return RingLayout.maxPayload(capacity);
    }
}
