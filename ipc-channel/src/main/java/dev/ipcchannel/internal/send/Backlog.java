package dev.ipcchannel.internal.send;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The messages that wait on their sender's side for one receiver, which has no room, or for the
/// first receiver to come: in order, so many and so many bytes at most.
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

    /// Whether a message of this length would fit if nothing else were here.
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

    /// The oldest one; null if there is none.
    @Nullable
    KeptMessage first() {
        return messages.peekFirst();
    }

    /// The oldest one is here no more.
    void removeFirst() {
        KeptMessage first = messages.removeFirst();
        bytes -= first.length();
        first.letGo();
    }

    /// From now on it has room for so many messages.
    void bound(int messagesAtMost) {
        maxMessages = messagesAtMost;
    }

    /// Drops all.
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
