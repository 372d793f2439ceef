package dev.ipcchannel.internal.receive;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The messages that are missing in what one channel has received, over all its connections.
///
/// The receiving thread adds them and tells of them; any thread may ask.
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

    /// Has `told` run for each gap from now on.
    public void whenMissing(LongConsumer told) {
        action = Argument.given(told, "action");
    }

    /// So many are missing before a message that is being received. Of more than can be counted it
    /// is the most that can: a sender numbers its messages, and may be no honest one.
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

    /// How many messages are missing, of all senders.
    public long lost() {
        return lost.get();
    }

    /// Says what is missing before the message noted last. What an action throws costs no message.
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
