package dev.ipcchannel.named;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The numbers of the messages that one receiver has got of each sender, and what is missing between
/// them.
///
/// The receiving thread notes them and tells of gaps; any thread may ask.
final class Gaps {

    private static final int MAX_SENDERS = 65_536; // those heard longest ago are forgotten

    private final Map<Long, Latest> senders = new LinkedHashMap<>(16, 0.75f, true) {

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Latest> eldest) {
            return size() > MAX_SENDERS;
        }
    };
    private @Nullable Latest latest; // of the sender of the message before
    private long untold;
    private final AtomicLong lost = new AtomicLong();
    private volatile @Nullable LongConsumer action;

    private static final class Latest {

        private final long sender;
        private long number;

        private Latest(long sender, long number) {
            this.sender = sender;
            this.number = number;
        }
    }

    /// Has `told` run for each gap from now on.
    void whenMissing(LongConsumer told) {
        action = Argument.given(told, "action");
    }

    /// Notes a message. The first one of a sender is after no gap: the receiver has come late.
    void note(long sender, long number) {
        Latest before = latest;
        if (before == null || before.sender != sender) {
            before = senders.computeIfAbsent(sender, _ -> new Latest(sender, number));
            latest = before;
        }
        long missing = number > before.number ? number - before.number - 1 : 0;
        before.number = number;
        if (missing > 0) {
            untold += missing;
            long _ = lost.addAndGet(missing);
        }
    }

    /// How many messages are missing, of all senders.
    long lost() {
        return lost.get();
    }

    /// Says what is missing before the message noted last. What an action throws costs no message.
    void tell() {
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
            Log.warning("the action for messages that are missing has failed", failure);
        }
    }
}
