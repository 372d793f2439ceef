package dev.ipcchannel;

import dev.ipcchannel.internal.lane.LaneSettings;
import dev.ipcchannel.internal.ring.RingLayout;
import java.time.Duration;

/// How a channel is made. The options travel with its ends into other processes.
///
/// @param capacity bytes of the ring that each sending process gets: a power of two from 4096 to 1
///        GiB. A message may have half of it less 8 bytes.
/// @param waitStrategy what a thread does while it waits
/// @param spin how long [WaitStrategy#HYBRID] looks before it sleeps; not used by the others
public record ChannelOptions(int capacity, WaitStrategy waitStrategy, Duration spin) {

    private static final ChannelOptions DEFAULTS =
            new ChannelOptions(64 * 1024, WaitStrategy.HYBRID, Duration.ofNanos(20_000));

    private static final boolean HAS_ONE_PROCESSOR =
            Runtime.getRuntime().availableProcessors() == 1;

    /// @throws IllegalArgumentException if the capacity is out of bounds or the time to spin
    /// negative
    public ChannelOptions {
        if (!RingLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two from %d to %d: capacity=%d"
                            .formatted(RingLayout.MIN_CAPACITY, RingLayout.MAX_CAPACITY, capacity));
        }
        if (spin.isNegative()) {
            throw new IllegalArgumentException("spin must not be negative: spin=" + spin);
        }
    }

    /// 64 KiB, [WaitStrategy#HYBRID], 20 microseconds.
    public static ChannelOptions defaults() {
        return DEFAULTS;
    }

    /// The same with another capacity.
    public ChannelOptions withCapacity(int newCapacity) {
        return new ChannelOptions(newCapacity, waitStrategy, spin);
    }

    /// The same with another wait strategy.
    public ChannelOptions withWaitStrategy(WaitStrategy newWaitStrategy) {
        return new ChannelOptions(capacity, newWaitStrategy, spin);
    }

    /// The same with another time to spin.
    public ChannelOptions withSpin(Duration newSpin) {
        return new ChannelOptions(capacity, waitStrategy, newSpin);
    }

    /// The longest message that such a channel carries, in bytes.
    public int maxMessage() {
        return RingLayout.maxPayload(capacity);
    }

    LaneSettings settings() {
        long spinNanos = switch (waitStrategy) {
            case SPIN -> LaneSettings.SPIN_FOREVER;
            case HYBRID ->
                    HAS_ONE_PROCESSOR ? 0 : Math.min(spin.toNanos(), LaneSettings.SPIN_FOREVER - 1);
            case BLOCK -> 0;
        };
        return new LaneSettings(capacity, spinNanos);
    }
}
