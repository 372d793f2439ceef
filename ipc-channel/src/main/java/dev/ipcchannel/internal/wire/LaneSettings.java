package dev.ipcchannel.internal.wire;

import dev.ipcchannel.internal.base.Printable;
import dev.ipcchannel.internal.posix.Packet;
import dev.ipcchannel.internal.ring.RecordHeader;
import dev.ipcchannel.internal.ring.RingLayout;
import java.nio.charset.StandardCharsets;

/// The settings of a channel's lanes: how they are made and waited on, and what they carry. They
/// travel with the channel's ends.
///
/// @param capacity of each lane's ring, in bytes
/// @param spinNanos how long a wait spins before it sleeps: 0 never spins, the largest number never
/// sleeps
/// @param maxMessage the longest message, in bytes; one too long for the ring spills
/// @param messageType the type of the messages, for comparison; empty if not known
public record LaneSettings(int capacity, long spinNanos, int maxMessage, String messageType) {

    /// The most descriptors that one message can take along.
    public static final int MAX_DESCRIPTORS =
            RecordHeader.MAX_PARTS * Packet.MAX_DESCRIPTORS - 1; // one may be the message's file

    /// The longest message that a channel may have, in bytes.
    public static final int MAX_MESSAGE = 1024 * 1024 * 1024;

    /// The longest message type, in bytes of UTF-8.
    public static final int MAX_MESSAGE_TYPE = 512;

    public LaneSettings {
        if (!RingLayout.isCapacity(capacity) || spinNanos < 0 || !isMaxMessage(maxMessage)) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    "channel settings are out of bounds: capacity="
                            + capacity + ", spinNanos=" + spinNanos + ", maxMessage="
                            + maxMessage);
        }
        int length = messageType.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_MESSAGE_TYPE) {
            throw new LaneException(LaneException.Kind.VIOLATION,
                    "a channel's message type is too long: length=%d, limit=%d"
                            .formatted(length, MAX_MESSAGE_TYPE));
        }
    }

    /// The same settings for messages of another type.
    public LaneSettings withMessageType(String newMessageType) {
        return new LaneSettings(capacity, spinNanos, maxMessage, newMessageType);
    }

    /// Whether a channel may have this longest message.
    public static boolean isMaxMessage(int maxMessage) {
        return maxMessage >= 1 && maxMessage <= MAX_MESSAGE;
    }

    /// The message type for people to read: it may come from another process.
    public String shownType() {
        return Printable.of(messageType);
    }
}
