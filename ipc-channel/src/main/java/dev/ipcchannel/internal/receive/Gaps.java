package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The count of the messages that one channel has missed, over all its connections.
///
/// The receiving thread adds to it and reports gaps; any thread may read it.
public final class Gaps {

    private final String name;
    private final AtomicLong lost = new AtomicLong();
    private volatile @Nullable LongConsumer action;
    private long untold;

    /// @param name of the channel, for people
    public Gaps(String name) {
        this.name = name;
    }

    /// The name of the channel.
    public String name() {
        return name;
    }

    /// Runs `told` for each gap from now on.
    public void whenMissing(LongConsumer told) {
        action = Argument.given(told, "action");
    }

    /// Adds the number of messages missing before a message that is being received. The sum is
    /// capped at the largest `long`: the numbers are the sender's, which may lie.
    public void add(long missing) {
        if (missing > 0) {
            untold = sum(untold, missing);
            long _ = lost.accumulateAndGet(missing, Gaps::sum);
        }
    }

    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /// The number of missed messages, of all senders.
    public long lost() {
        return lost.get();
    }

    /// Reports the messages missing before the last noted one. An exception of the action costs no
    /// message.
    public void tell() {
        if (untold == 0) {
            return;
        }
        long missing = untold;
        untold = 0;
        LongConsumer told = action;
        if (told == null) {
            return;
        }
        try {
            told.accept(missing);
        } catch (RuntimeException failure) {
            Log.warning("the action for messages that are missing has failed",
                    "name=%s: %s".formatted(name, failure), failure);
        }
    }
}
