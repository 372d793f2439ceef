package dev.ipcchannel.internal.receive;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The number of the last message that one connection has got from each sender.
///
/// Used by one thread at a time, the receiving one.
public final class SenderNumbers {

    // The one whose last message is the oldest is dropped.
    private static final int MAX_SENDERS = 65_536;

    private final Map<Long, Latest> senders = new LinkedHashMap<>(16, 0.75f, true) {

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Latest> eldest) {
            return size() > MAX_SENDERS;
        }
    };
    private @Nullable Latest latest; // of the sender of the previous message

    private static final class Latest {

        private final long sender;
        private long number;

        private Latest(long sender, long number) {
            this.sender = sender;
            this.number = number;
        }
    }

    /// Notes a message. None counts as missing before the first one of a sender: the receiver may
    /// have joined late.
    ///
    /// @return the number of messages missing before it
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
