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
    private long unreported;

    /// @param name of the channel, for people
    public Gaps(String name) {
        this.name = name;
    }

    /// The name of the channel.
    public String name() {
        return name;
    }

    /// Runs `newAction` for each gap from now on.
    public void whenMissing(LongConsumer newAction) {
        action = Argument.given(newAction, "action");
    }

    /// Adds the number of messages missing before a message that is being received. The sum is
    /// capped at the largest `long`: the numbers are the sender's, which may lie.
    public void add(long missing) {
        if (missing > 0) {
            unreported = sum(unreported, missing);
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
    public void report() {
        if (unreported == 0) {
            return;
        }
        long missing = unreported;
        unreported = 0;
        LongConsumer current = action;
        if (current == null) {
            return;
        }
        try {
            current.accept(missing);
        } catch (RuntimeException failure) {
            Log.warning("the action for messages that are missing has failed",
                    "name=%s: %s".formatted(name, failure), failure);
        }
    }
}
