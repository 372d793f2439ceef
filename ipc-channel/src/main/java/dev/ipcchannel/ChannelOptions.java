package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.ring.RingLayout;
import dev.ipcchannel.internal.wait.SpinBudget;
import dev.ipcchannel.internal.wire.LaneSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The options of a channel. They travel with its ends into other processes.
///
/// @param capacity bytes of the ring that each sending process gets: a power of two from 4096 to 1
///        GiB. A message of up to half of it less 8 bytes goes through the ring. A longer message
///        takes memory of its own; a sending process uses up to 64 MiB of such memory, or as much
///        as one message needs.
/// @param waitStrategy what a thread does while it waits
/// @param spin how long [WaitStrategy#HYBRID] looks before it sleeps; not used by the other
/// strategies
/// @param maxMessage bytes of the longest message: from 1 byte to 1 GiB
public record ChannelOptions(int capacity, WaitStrategy waitStrategy, Duration spin,
        int maxMessage) {

    private static final ChannelOptions DEFAULTS =
            new ChannelOptions(64 * 1024, WaitStrategy.HYBRID, Duration.ofNanos(20_000),
                    LaneSettings.MAX_MESSAGE);

    private static final boolean HAS_ONE_PROCESSOR =
            Runtime.getRuntime().availableProcessors() == 1;

    /// @throws IllegalArgumentException if the capacity or the longest message is out of bounds, or
    /// the time to spin negative
    public ChannelOptions {
        Argument.given(waitStrategy, "waitStrategy");
        Argument.given(spin, "spin");
        if (!RingLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException(
                    "capacity must be a power of two from %d to %d: capacity=%d"
                            .formatted(RingLayout.MIN_CAPACITY, RingLayout.MAX_CAPACITY, capacity));
        }
        if (spin.isNegative()) {
            throw new IllegalArgumentException("spin must not be negative: spin="
                    + ShownTime.of(spin));
        }
        if (!LaneSettings.isMaxMessage(maxMessage)) {
            throw new IllegalArgumentException("maxMessage must be from 1 to %d: maxMessage=%d"
                    .formatted(LaneSettings.MAX_MESSAGE, maxMessage));
        }
    }

    /// 64 KiB, [WaitStrategy#HYBRID], 20 microseconds, 1 GiB.
    public static ChannelOptions defaults() {
        return DEFAULTS;
    }

    /// The same with another capacity.
    public ChannelOptions withCapacity(int newCapacity) {
        return new ChannelOptions(newCapacity, waitStrategy, spin, maxMessage);
    }

    /// The same with another wait strategy.
    public ChannelOptions withWaitStrategy(WaitStrategy waitStrategy) {
        return new ChannelOptions(capacity, waitStrategy, spin, maxMessage);
    }

    /// The same with another time to spin.
    public ChannelOptions withSpin(Duration spin) {
        return new ChannelOptions(capacity, waitStrategy, spin, maxMessage);
    }

    /// The same with another longest message.
    public ChannelOptions withMaxMessage(int newMaxMessage) {
        return new ChannelOptions(capacity, waitStrategy, spin, newMaxMessage);
    }

    /// The options that have the meaning of these settings.
    static ChannelOptions of(LaneSettings settings) {
        long nanos = settings.spinNanos();
        WaitStrategy strategy = nanos == 0 ? WaitStrategy.BLOCK
                : nanos == SpinBudget.FOREVER ? WaitStrategy.SPIN : WaitStrategy.HYBRID;
        Duration spin = strategy == WaitStrategy.HYBRID ? Duration.ofNanos(nanos) : DEFAULTS.spin;
        return new ChannelOptions(settings.capacity(), strategy, spin, settings.maxMessage());
    }

    /// The settings of the lanes of a channel with these options, for the messages of `codec`.
    LaneSettings settings(Codec<?> codec) {
        long spinNanos = switch (waitStrategy) {
            case SPIN -> SpinBudget.FOREVER;
            case HYBRID -> HAS_ONE_PROCESSOR ? 0
                    : Math.min(TimeUnit.NANOSECONDS.convert(spin), SpinBudget.FOREVER - 1);
            case BLOCK -> 0;
        };
        return new LaneSettings(capacity, spinNanos, maxMessage, MessageTypes.of(codec));
    }

    @Override
    public String toString() {
        return "ChannelOptions[capacity=%d, waitStrategy=%s, spin=%s, maxMessage=%d]"
                .formatted(capacity, waitStrategy, ShownTime.of(spin), maxMessage);
    }
}
