package dev.ipcchannel.internal.receive;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The number of the message that one connection has got last of each sender.
///
/// Used by one thread at a time: the one that receives.
public final class SenderNumbers {

    private static final int MAX_SENDERS = 65_536; // those heard longest ago are forgotten

    private final Map<Long, Latest> senders = new LinkedHashMap<>(16, 0.75f, true) {

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Latest> eldest) {
            return size() > MAX_SENDERS;
        }
    };
    private @Nullable Latest latest; // of the sender of the message before

    private static final class Latest {

        private final long sender;
        private long number;

        private Latest(long sender, long number) {
            this.sender = sender;
            this.number = number;
        }
    }

    /// Notes a message. The first one of a sender is after no gap: the receiver has come late.
    ///
    /// @return how many messages are missing before it
    public long note(long sender, long number) {
        Latest before = latest;
        if (before == null || before.sender != sender) {
            before = senders.computeIfAbsent(sender, _ -> new Latest(sender, number));
            latest = before;
        }
        long missing = number > before.number ? number - before.number - 1 : 0;
        before.number = number;
        return missing;
    }
}
