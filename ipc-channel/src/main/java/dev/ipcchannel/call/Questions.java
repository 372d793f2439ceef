package dev.ipcchannel.call;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageHead;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.call.Request.Ask;
import dev.ipcchannel.internal.base.DeepLock;
import dev.ipcchannel.internal.base.Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The questions of a connection that are open, from their arrival until their last reply is sent:
/// kept until they are taken, cancelled, granted more parts, stopped.
///
/// For the thread that receives, unless it says something else.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class Questions<Q, R> {

    private final QuestionSource<Q, R> source;
    private final Link<Reply<R>, Request<Q>> ends;
    private final Way way;
    private final Replies<R> replies;
    private final OwedReplies<R> owed;
    private final SequencedMap<Long, OpenQuestion<Q, R>> kept = new LinkedHashMap<>();
    private final ReentrantLock handled = new DeepLock(); // of all that are handled inline

    // These are for any thread.
    private final ConcurrentMap<Long, OpenQuestion<Q, R>> taken = new ConcurrentHashMap<>();
    // Of those that were taken, all that no last reply is being sent to. 0 where handlers run
    // inline.
    private final AtomicInteger unanswered = new AtomicInteger();
    // The one that was taken, where handlers run inline: an entry would cost each call two objects.
    private volatile @Nullable OpenQuestion<Q, R> current;
    private volatile @Nullable RuntimeException end;
    private volatile boolean isClosed;

    Questions(QuestionSource<Q, R> source, Link<Reply<R>, Request<Q>> ends, Way way) {
        this.source = source;
        this.ends = ends;
        this.way = way;
        this.replies = new Replies<>(ends);
        this.owed = new OwedReplies<>(ends, replies);
    }

    OwedReplies<R> owed() {
        return owed;
    }

    /// How many are kept or owed a reply.
    int waiting() {
        return kept.size() + owed.size();
    }

    /// Keeps a question, and passes on what concerns one that is open.
    void note(Request<Q> request) {
        OpenQuestion<Q, R> question = opened(request);
        if (question != null) {
            kept.put(question.id(), question);
        }
    }

    /// A question that has come, which is neither kept nor taken by that. Anything else concerns a
    /// question that is open, and is passed on to it.
    ///
    /// @return null if it is no question; or if it is not to be answered, and is dropped
    @Nullable
    OpenQuestion<Q, R> opened(Request<Q> request) {
        return switch (request) {
            case Ask<Q> ask -> opened(ask, Headers.NONE);
            case Request.AskWithin<Q>(long id, String headers, Q question) ->
                    opened(new Ask<>(id, question), headers);
            case Request.Cancel<Q>(long id) -> {
                cancel(id);
                yield null;
            }
            case Request.Withdraw<Q>(long id) -> {
                withdraw(id);
                yield null;
            }
            case Request.Interrupt<Q>(long id) -> {
                OpenQuestion<Q, R> question = find(id);
                if (question != null) {
                    question.interrupt();
                }
                yield null;
            }
            case Request.More<Q>(long id, int parts) -> {
                OpenQuestion<Q, R> question = find(id);
                if (question != null) {
                    question.grant(parts);
                }
                yield null;
            }
        };
    }

    /// The one that was taken, where handlers run inline; null if none is. For any thread.
    @Nullable
    OpenQuestion<Q, R> current() {
        return current;
    }

    /// Gives back one that is kept; the handler of one that is given out may see the wish.
    private void withdraw(long id) {
        OpenQuestion<Q, R> question = find(id);
        if (question == null) {
            return;
        }
        if (kept.remove(id) == null) {
            question.withdraw();
        } else {
            question.cancel();
            owed.end(id);
        }
    }

    private void cancel(long id) {
        OpenQuestion<Q, R> question = find(id);
        if (question != null) {
            question.cancel();
        }
        if (kept.remove(id) != null) {
            owed.end(id);
        }
    }

    private @Nullable OpenQuestion<Q, R> find(long id) {
        OpenQuestion<Q, R> one = current;
        if (one != null && one.id() == id) {
            return one;
        }
        OpenQuestion<Q, R> found = taken.isEmpty() ? null : taken.get(id);
        return found != null || kept.isEmpty() ? found : kept.get(id);
    }

    /// Owes a question that could not be read what is wrong with it. Anything else is the end.
    void note(RuntimeException failure, RemoteFailure shown) {
        MessageHead head = failure instanceof IpcException known ? known.head() : null;
        boolean isQuestion = head != null
                && (head.type() == Ask.class || head.type() == Request.AskWithin.class);
        if (head == null || !isQuestion) {
            end(failure);
        } else if (isNew(head.number())) {
            owed.fail(head.number(), shown);
        }
    }

    /// A question is lost, and its id with it, so that is the end of all.
    void lose(OutOfMemoryError failure) {
        end(new ResourceExhausted("a question is lost, since the heap has no room to keep it",
                failure));
    }

    private @Nullable OpenQuestion<Q, R> opened(Ask<Q> ask, Headers headers) {
        if (!isNew(ask.id())) {
            ends.drop(ask);
            return null;
        }
        return new OpenQuestion<>(source, ask, headers,
                way == Way.INLINE ? handled : new DeepLock());
    }

    /// A question with headers, or null; it is owed what is wrong with them, if they are not valid.
    private @Nullable OpenQuestion<Q, R> opened(Ask<Q> ask, String text) {
        Headers headers;
        try {
            headers = Headers.read(text);
        } catch (IllegalArgumentException wrong) {
            if (isNew(ask.id())) {
                owed.fail(ask.id(), RemoteFailure.withoutStack(
                        new ProtocolViolation(String.valueOf(wrong.getMessage()))));
            }
            ends.drop(ask);
            return null;
        }
        return opened(ask, headers);
    }

    /// Whether there is room for a question; an id that is open is not opened again. One too many
    /// is refused, or the end where no thread may be there to refuse it.
    private boolean isNew(long id) {
        if (find(id) != null || owed.contains(id)) {
            return false;
        }
        if (unanswered.get() + waiting() < Service.MAX_OPEN) {
            return true;
        }
        if (way == Way.LATER) {
            end(new ProtocolViolation("the other side has more calls open than it may: limit="
                    + Service.MAX_OPEN));
        } else {
            owed.refuse(id);
        }
        return false;
    }

    /// The oldest one that was kept.
    @Nullable
    OpenQuestion<Q, R> firstKept() {
        Map.Entry<Long, OpenQuestion<Q, R>> first = kept.pollFirstEntry();
        return first == null ? null : first.getValue();
    }

    /// Gives a question out, or to its task.
    ///
    /// @return false if it is not to be answered any more
    boolean take(OpenQuestion<Q, R> question) {
        remember(question);
        if (isClosed) { // after it is remembered, as close() sets this before it goes through them
            question.stop(Standing.stopped(end));
        }
        return switch (way) {
            case INLINE -> question.begin(Thread.currentThread());
            case EXECUTOR -> true; // its task begins it
            case LATER -> question.begin(null);
        };
    }

    private void remember(OpenQuestion<Q, R> question) {
        if (way == Way.INLINE) {
            current = question;
        } else {
            taken.put(question.id(), question);
            countUnanswered(1);
        }
    }

    /// Sends what became of one that was taken. Interrupted, it leaves it open, with all that has
    /// come for it meanwhile. For any thread.
    void settle(OpenQuestion<Q, R> question, @Nullable R answer, @Nullable Throwable thrown)
            throws InterruptedException {
        countUnanswered(-1); // first: a caller that has its answer may ask again
        boolean isSettled = false;
        try {
            replies.settle(question.id(), answer, thrown, question.standing());
            isSettled = true;
        } finally {
            if (isSettled) {
                forget(question);
            } else {
                countUnanswered(1);
            }
        }
    }

    private void countUnanswered(int change) {
        if (way != Way.INLINE) {
            unanswered.addAndGet(change);
        }
    }

    private void forget(OpenQuestion<Q, R> question) {
        if (way == Way.INLINE) {
            current = null;
        } else {
            taken.remove(question.id());
        }
    }

    /// Drops a question that is not given out. For any thread.
    void drop(Ask<Q> ask) {
        ends.drop(ask);
    }

    /// Why nothing more comes, or null. For any thread.
    @Nullable
    RuntimeException end() {
        return end;
    }

    /// Nothing more comes. A thread that serves is not to go on with what it has; questions that
    /// were given out can be answered yet, if their caller is there.
    private void end(RuntimeException failure) {
        end = failure;
        if (way != Way.LATER || failure instanceof Disconnected || failure instanceof EndClosed) {
            close(failure);
            dropKept();
        }
    }

    /// Whether no more are taken. For any thread.
    boolean isClosed() {
        return isClosed;
    }

    /// Stops all that were taken. The second and later closes do nothing. For any thread.
    ///
    /// @param reason why, where it is another one than the end of what comes
    void close(@Nullable Throwable reason) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        Standing stopped = Standing.stopped(reason == null ? end : reason);
        OpenQuestion<Q, R> one = current;
        if (one != null) {
            one.stop(stopped);
        }
        taken.values().forEach(question -> question.stop(stopped));
    }

    /// Stops those that were not taken, too.
    void dropKept() {
        Standing stopped = Standing.stopped(end);
        kept.values().forEach(question -> question.stop(stopped));
        kept.clear();
        owed.clear();
    }
}
