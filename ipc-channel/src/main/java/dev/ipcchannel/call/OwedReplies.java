package dev.ipcchannel.call;

import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.internal.base.Deadline;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The last replies to questions that are not to be answered: one was cancelled before its turn,
/// could not be read, or was one too many. For the thread that receives.
///
/// @param <R> the type of the answers
final class OwedReplies<R> {

    private final Link<Reply<R>, ?> ends;
    private final Replies<R> replies;
    // An end, or what was wrong with the question.
    private final SequencedMap<Long, Optional<RemoteFailure>> owed = new LinkedHashMap<>();
    private @Nullable Long tooMany; // beyond the limit, so nothing comes in before it is refused

    OwedReplies(Link<Reply<R>, ?> ends, Replies<R> replies) {
        this.ends = ends;
        this.replies = replies;
    }

    void end(long id) {
        owed.put(id, Optional.empty());
    }

    void fail(long id, RemoteFailure wrong) {
        owed.put(id, Optional.of(wrong));
    }

    /// Nothing may be received until that is sent.
    void refuse(long id) {
        tooMany = id;
    }

    boolean contains(long id) {
        return !owed.isEmpty() && owed.containsKey(id); // else each call would cost a Long
    }

    /// How many there are within the limit.
    int size() {
        return owed.size();
    }

    /// Owes nothing more: a refusal that could not be sent is not tried again.
    void clear() {
        owed.clear();
        tooMany = null;
    }

    /// Sends them all, waiting for room. Interrupted or late, it leaves the rest to the next thread
    /// that receives.
    ///
    /// @param limit of the wait, which throws [dev.ipcchannel.TimedOut]
    void send(Deadline limit) throws InterruptedException {
        sendRefusal(limit);
        while (!owed.isEmpty()) {
            Map.Entry<Long, Optional<RemoteFailure>> next = owed.firstEntry();
            RemoteFailure wrong = next.getValue().orElse(null);
            if (wrong == null) {
                replies.end(next.getKey(), limit);
            } else {
                replies.fail(next.getKey(), wrong, limit);
            }
            owed.remove(next.getKey());
        }
    }

    /// Sends the ends among them for which there is room now. Never waits.
    void trySendEnds() {
        try {
            Iterator<Map.Entry<Long, Optional<RemoteFailure>>> each = owed.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<Long, Optional<RemoteFailure>> next = each.next();
                if (next.getValue().isEmpty()) {
                    if (!replies.tryEnd(next.getKey())) {
                        return;
                    }
                    each.remove();
                }
            }
        } catch (IpcException _) {
            // The thread that serves meets it again.
        }
    }

    /// Sends the refusal, if there is one, waiting for room, or throws [dev.ipcchannel.TimedOut].
    void sendRefusal(Deadline limit) throws InterruptedException {
        Long id = tooMany;
        if (id == null) {
            return;
        }
        replies.send(refusal(id), limit);
        tooMany = null;
    }

    /// The same, if there is room.
    ///
    /// @return whether there is none any more
    boolean trySendRefusal() {
        Long id = tooMany;
        if (id != null && ends.trySend(refusal(id)) == SendOutcome.SENT) {
            tooMany = null;
        }
        return tooMany == null;
    }

    private static <R> Reply<R> refusal(long id) {
        return new Reply.Failed<>(id, new RemoteFailure(RejectedExecutionException.class.getName(),
                "too many calls are open: limit=%d: wait for answers before more is asked"
                        .formatted(Service.MAX_OPEN),
                List.of())); // no stack, so it fits
    }
}
