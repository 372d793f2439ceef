package dev.ipcchannel.internal.send;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A queue of the messages that wait on their sender's side for one receiver without room, or for
/// the first receiver to come. It is in order, and bounded in messages and in bytes.
///
/// Used under the group's lock.
final class Backlog {

    static final int MAX_PENDING = 256; // messages, where there is no receiver
    static final long MAX_BYTES = 64L << 20;

    private final ArrayDeque<KeptMessage> messages = new ArrayDeque<>(0);
    private int maxMessages;
    private long bytes;

    Backlog(int maxMessages) {
        this.maxMessages = maxMessages;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int size() {
        return messages.size();
    }

    /// Whether a message of this length fits into an empty backlog.
    static boolean isForOne(int length) {
        return length <= MAX_BYTES;
    }

    boolean hasRoom(int length) {
        return messages.size() < maxMessages && bytes + length <= MAX_BYTES;
    }

    void add(KeptMessage message) {
        messages.addLast(message);
        message.hold();
        bytes += message.length();
    }

    /// The oldest message; null if there is none.
    @Nullable
    KeptMessage first() {
        return messages.peekFirst();
    }

    /// Removes the oldest message.
    void removeFirst() {
        KeptMessage first = messages.removeFirst();
        bytes -= first.length();
        first.letGo();
    }

    /// Sets the number of messages that it has room for.
    void bound(int messagesAtMost) {
        maxMessages = messagesAtMost;
    }

    /// Drops all messages.
    ///
    /// @return how many there were
    int discard() {
        int count = messages.size();
        while (!messages.isEmpty()) {
            removeFirst();
        }
        return count;
    }
}
