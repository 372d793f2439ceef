package dev.ipcchannel.call;

import dev.ipcchannel.CodecFailed;
import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Link;
import dev.ipcchannel.MessageHead;
import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.SendOutcome;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Leadership.Aside;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.Relay;
import dev.ipcchannel.internal.base.WorkFuture;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A caller's side of the two channels: questions go out, and each reply finds its call.
///
/// Replies are received by the thread that has the [Leadership]. Where the usual thread asks, waits
/// and is answered, that is the calling thread itself. A thread that waits for room to ask does not
/// keep replies from being received: else two sides that wait for each other's room would wait for
/// ever.
///
/// Longer than other files: all that opens, settles and fails a call stands here, to be checked as
/// one.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ReplyDispatcher<Q, R> {

    /// A thread that asks and asks takes replies in between: else they fill their ring, the other
    /// side sleeps, and then so does this one.
    private static final int ASKS_A_LOOK = 32;

    private static final long BRIEF_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Link<Request<Q>, Reply<R>> ends;
    private final CallTable<R> table = new CallTable<>();
    private final ControlMessages<Q> control;
    private final Leadership lead = new Leadership(this::receiveInBackground);
    private volatile @Nullable RuntimeException lastFailure; // of all calls; set before they fail

    ReplyDispatcher(Link<Request<Q>, Reply<R>> ends) {
        this.ends = ends;
        this.control = new ControlMessages<>(ends);
    }

    /// Opens a call and sends its question, waiting for room.
    ///
    /// @return false if the limit came first; then there is no such call. True if the call goes on,
    /// or has failed meanwhile, which it says itself
    boolean ask(OpenCall<R> call, Q question, Headers headers, Deadline limit)
            throws InterruptedException {
        RuntimeException before = lastFailure;
        open(call);
        try {
            if (call.needsBackground()) {
                lead.need();
                if (call.id() % ASKS_A_LOOK == 0) {
                    boolean _ = receiveAllThere();
                }
            }
            return asked(call, send(call, request(call, question, headers), limit), before);
        } catch (InterruptedException interrupt) {
            if (settle(call.id()) != null) {
                throw interrupt;
            }
            Thread.currentThread().interrupt(); // for the wait that follows
            return true;
        } catch (RuntimeException | Error failure) {
            if (settle(call.id()) != null || failure instanceof Error) {
                throw failure;
            }
            return true; // it has failed before, which is enough
        }
    }

    /// Opens a call and sends its question if there is room now.
    ///
    /// @return false if there is none; then there is no such call. True if the call goes on, or has
    /// failed meanwhile, which it says itself
    boolean tryAsk(OpenCall<R> call, Q question, Headers headers) {
        RuntimeException before = lastFailure;
        open(call);
        try {
            Request<Q> request = request(call, question, headers);
            return asked(call, ends.trySend(request) == SendOutcome.SENT, before);
        } catch (RuntimeException | Error failure) {
            if (settle(call.id()) != null || failure instanceof Error) {
                throw failure;
            }
            return true; // it has failed before, which is enough
        }
    }

    private static <Q> Request<Q> request(OpenCall<?> call, Q question, Headers headers) {
        return headers.isEmpty() ? new Request.Ask<>(call.id(), question)
                : new Request.AskWithin<>(call.id(), headers.text(), question);
    }

    private void open(OpenCall<R> call) {
        RuntimeException over = table.open(call);
        if (over != null) {
            throw AwaitedCall.again(over);
        }
    }

    /// Sees to a call that may have failed with all others while its question was on the way: the
    /// cancel that went with the failure was perhaps ahead of the question.
    private boolean asked(OpenCall<R> call, boolean isSent, @Nullable RuntimeException before) {
        if (!isSent) {
            return settle(call.id()) == null;
        }
        if (!Objects.equals(lastFailure, before) && table.find(call.id()) == null) {
            control.cancel(call.id());
        }
        return true;
    }

    /// Waits until a call is ready, and receives all replies if no other thread does.
    ///
    /// @return false if the limit came first
    boolean await(WaitNode node, Deadline limit) throws InterruptedException {
        lead.releaseIfMine();
        try {
            while (!node.isReady()) { // again after each taking of the lead: the thread that had it
                boolean isInTime; // may have made it ready, and nothing more would come
                if (lead.isMine()) {
                    isInTime = receive(limit);
                } else {
                    isInTime = lead.tryTake() || lead.follow(node, limit);
                }
                if (!isInTime) {
                    return false;
                }
            }
            return true;
        } finally {
            lead.releaseIfMine();
        }
    }

    /// Receives all replies on the calling thread, unless another one does, as long as what it
    /// waits for is not there and they come: this is quicker than to be woken for them. No longer
    /// than a moment in which none comes, for what it waits for may come of something else, and
    /// that would not end a wait for replies.
    ///
    /// @param isWanted is asked by the calling thread, which is to be unparked when it turns false
    void receiveWhile(BooleanSupplier isWanted, Deadline limit) throws InterruptedException {
        WaitNode node = new WaitNode() {
            @Override
            boolean isReady() {
                return !isWanted.getAsBoolean();
            }
        };
        lead.releaseIfMine();
        Deadline brief = Deadline.NEVER;
        try {
            boolean isInTime = true;
            while (isInTime && !node.isReady()) {
                if (lead.isMine() && receiveOneThere()) {
                    continue;
                }
                if (!brief.isFinite()) {
                    brief = Deadline.after(limit.atMost(BRIEF_NANOS));
                }
                if (lead.isMine()) {
                    isInTime = receive(brief);
                } else {
                    isInTime = lead.tryTake() || lead.follow(node, brief);
                }
            }
        } finally {
            lead.releaseIfMine();
            if (!node.isReady()) {
                lead.stepAside();
            }
        }
    }

    /// @return whether there was one
    private boolean receiveOneThere() {
        try {
            Reply<R> reply = ends.tryReceive();
            if (reply != null) {
                deliver(reply);
            }
            return reply != null;
        } catch (RuntimeException failure) {
            return failed(failure);
        }
    }

    /// Ends a call that is open, and notifies the other side.
    void cancel(long id) {
        if (settle(id) != null) {
            control.cancel(id);
        }
    }

    /// Keeps a call open whose parts are not taken any more, until the other side has ended it.
    void giveUp(PartsCall<R> call) {
        if (table.neglect(call)) {
            lead.need();
            call.wake();
            control.cancel(call.id());
        }
    }

    /// Has replies to an open call received though no thread waits for them.
    void receiveInBackground(OpenObservedCall<R> call) {
        if (table.neglect(call)) {
            lead.need();
        }
    }

    /// Asks the other side to end a call, which stays open until it has.
    void askToEnd(OpenObservedCall<R> call) {
        receiveInBackground(call);
        if (table.find(call.id()) != null) {
            control.cancel(call.id());
        }
    }

    /// Asks the other side to end a call if its question is not given out yet, or else to leave out
    /// what its handler has not begun.
    void askBack(OpenObservedCall<R> call) {
        if (table.find(call.id()) != null) {
            control.withdraw(call.id());
        }
    }

    /// Asks the other side to interrupt the handler of a call, whose answer is wanted all the same.
    void askToInterrupt(OpenObservedCall<R> call) {
        if (table.find(call.id()) != null) {
            control.interrupt(call.id());
        }
    }

    /// Lets more parts come, now or as soon as there is room to say so.
    void grant(OpenObservedCall<R> call, int more) {
        control.grant(call.id(), more);
    }

    /// Grants more parts if there is room to say so now.
    boolean tryGrant(PartsCall<R> call, int more) {
        long before = call.allowed();
        call.allow(before + more);
        boolean isSent = false;
        try {
            isSent = ends.trySend(new Request.More<>(call.id(), more)) == SendOutcome.SENT;
        } catch (Disconnected | EndClosed _) {
            return true; // parts that are there are still to be taken; then its end is found
        } catch (ResourceExhausted _) {
            return false; // the next part is another occasion, and so is a wait for it
        } finally {
            if (!isSent) {
                call.allow(before);
            }
        }
        return isSent;
    }

    /// Grants more parts, waiting for room to say so.
    ///
    /// @return false if the limit came first
    boolean grant(PartsCall<R> call, int more, Deadline limit) throws InterruptedException {
        long before = call.allowed();
        call.allow(before + more);
        boolean isSent = false;
        try {
            isSent = send(call, new Request.More<>(call.id(), more), limit);
        } catch (Disconnected | EndClosed _) {
            return true;
        } finally {
            if (!isSent) {
                call.allow(before);
            }
        }
        return isSent;
    }

    /// The process that answers, as a person knows it, for what went wrong there.
    String otherSide() {
        return ends.otherSide();
    }

    /// @param what has not come or gone
    /// @param preposition before the name of the other side, where that is known
    TimedOut timedOut(String what, String preposition, Deadline limit) {
        String other = otherSide();
        return new TimedOut(limit.passed(other.isEmpty() ? what : what + preposition + other));
    }

    /// Runs a user's code on the thread that delivers replies. If that takes long, another thread
    /// receives meanwhile.
    void runAside(Runnable code) {
        Aside aside = lead.beginAside();
        try {
            code.run();
        } finally {
            lead.endAside(aside);
        }
    }

    /// Completes a future, and runs what depends on it, in the same way.
    <T> boolean settleAside(WorkFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
        Aside aside = lead.beginAside();
        try {
            return future.settle(value, failure);
        } finally {
            lead.endAside(aside);
        }
    }

    int openCalls() {
        return table.count();
    }

    /// Sends what belongs to a call, as long as that is open.
    ///
    /// @return false if the limit came first
    private boolean send(OpenCall<R> call, Request<Q> request, Deadline limit)
            throws InterruptedException {
        return ends.trySend(request) == SendOutcome.SENT || sendWaiting(call, request, limit);
    }

    private boolean sendWaiting(OpenCall<R> call, Request<Q> request, Deadline limit)
            throws InterruptedException {
        lead.releaseIfMine();
        lead.ask();
        do {
            // Replies that lie there may be what keeps the other side from making room.
            boolean isSent = receiveAllThere() ? ends.trySend(request) == SendOutcome.SENT
                    : sendInSlice(request, limit);
            // Where no replies come any more, there may never be room.
            if (isSent || table.find(call.id()) == null) {
                return true;
            }
        } while (!limit.isPast());
        return false;
    }

    private boolean sendInSlice(Request<Q> request, Deadline limit) throws InterruptedException {
        try {
            ends.send(request, limit.atMost(SLICE_NANOS));
            return true;
        } catch (TimedOut _) {
            return false;
        }
    }

    /// Receives what is there, unless another thread does.
    ///
    /// @return whether there was anything
    private boolean receiveAllThere() {
        if (!lead.tryTake()) {
            return false;
        }
        boolean isAnyThere = false;
        try {
            while (lead.isMine() && receiveOneThere()) {
                isAnyThere = true;
            }
        } finally {
            lead.releaseIfMine();
        }
        return isAnyThere;
    }

    /// Receives one reply. By the thread that has the lead.
    ///
    /// @return false if the limit came first
    private boolean receive(Deadline limit) throws InterruptedException {
        Reply<R> reply;
        try {
            reply = limit.isFinite() ? ends.receive(limit.remaining()) : ends.receive();
        } catch (TimedOut _) {
            return false;
        } catch (RuntimeException failure) {
            boolean _ = failed(failure);
            return true;
        } catch (Error failure) {
            failAll(unreadable(failure));
            return true;
        }
        deliver(reply);
        return true;
    }

    /// Gives a reply to its call. One to a call that is over, or never was, is dropped.
    private void deliver(Reply<R> reply) {
        switch (reply) {
            case Reply.Answer<R> answer -> {
                OpenCall<R> call = settle(answer.id());
                if (call == null || !call.onAnswer(answer.value())) {
                    ends.drop(reply);
                }
            }
            case Reply.Part<R> part -> {
                OpenCall<R> call = table.find(part.id());
                if (call == null) {
                    ends.drop(reply);
                } else if (!call.onPart(part.value())) {
                    cancel(part.id());
                    ends.drop(reply);
                }
            }
            case Reply.End<R> end -> endWithout(end.id(), OpenCall::onEnd);
            case Reply.Failed<R> failed ->
                    endWithout(failed.id(), call -> call.onFailed(failed.failure()));
        }
    }

    /// Ends a call that gets no answer. After a close of this side that may be the close's doing:
    /// the other side ends what its caller has left.
    private void endWithout(long id, Consumer<OpenCall<R>> end) {
        OpenCall<R> call = settle(id);
        if (call == null) {
            return;
        }
        RuntimeException over = table.over();
        if (over == null) {
            end.accept(call);
        } else {
            call.fail(over);
        }
    }

    /// Closes the ends in an answer, or a part of one, that is dropped.
    void drop(R value) {
        ends.drop(new Reply.Part<>(0, value));
    }

    /// Takes a call out of the table: from here on it is the caller's of this method alone.
    private @Nullable OpenCall<R> settle(long id) {
        OpenCall<R> call = table.take(id);
        if (call != null && call.needsBackground()) {
            lead.needNoMore();
        }
        return call;
    }

    /// What could not be received is one call's, if it is known of which; else it may have been any
    /// call's.
    ///
    /// @return false if it may be the same again and again, from a link that is over
    private boolean failed(RuntimeException failure) {
        MessageHead head = failure instanceof IpcException known ? known.head() : null;
        if (head == null || !Reply.class.isAssignableFrom(head.type())) {
            failAll(failure);
            return false;
        }
        if (head.type() == Reply.Part.class) {
            OpenCall<R> call = table.find(head.number());
            if (call != null && !call.onUnreadablePart(failure)) {
                cancel(head.number());
            }
            return true;
        }
        OpenCall<R> call = settle(head.number());
        if (call != null) {
            call.fail(failure);
        }
        return true;
    }

    private void failAll(RuntimeException failure) {
        boolean isOver = failure instanceof Disconnected || failure instanceof EndClosed;
        RuntimeException reason = failure;
        if (isOver) {
            reason = table.end(failure); // a close of this side comes before what it brings about
            lead.end();
        }
        lastFailure = reason; // before the look for calls: see asked
        fail(table.takeAll(), reason, isOver);
    }

    /// Fails calls that are taken out of the table: another thread goes on where what depends on
    /// one takes long.
    private void fail(Queue<OpenCall<R>> calls, RuntimeException reason, boolean isOver) {
        try {
            new Relay<OpenCall<R>>(rest -> failRest(rest, reason, isOver)).run(calls);
        } finally {
            failRest(calls, reason, isOver); // where there is no memory for a relay
        }
    }

    private void failRest(Queue<OpenCall<R>> calls, RuntimeException reason, boolean isOver) {
        OutOfMemoryError lack = null;
        for (OpenCall<R> call = calls.poll(); call != null; call = calls.poll()) {
            try {
                fail(call, reason, isOver);
            } catch (OutOfMemoryError met) { // the others are failed all the same
                lack = met;
            }
        }
        if (lack != null) {
            throw lack;
        }
    }

    /// Fails the first of these calls, up to one whose end runs a user's code.
    private void failWaiting(Queue<OpenCall<R>> calls, RuntimeException reason) {
        OpenCall<R> call = calls.peek();
        while (call != null && !call.runsUsersCode()) {
            fail(call, reason, true);
            OpenCall<R> _ = calls.remove();
            call = calls.peek();
        }
    }

    private void fail(OpenCall<R> call, RuntimeException reason, boolean isOver) {
        if (call.needsBackground()) {
            lead.needNoMore();
        }
        try {
            if (!isOver) {
                control.cancel(call.id());
            }
        } finally {
            call.fail(reason);
        }
    }

    private void receiveInBackground() {
        boolean isNeverNeededAgain = false;
        while (!isNeverNeededAgain) {
            try {
                isNeverNeededAgain = !lead.takeInBackground();
                while (lead.isMine() && lead.isNeeded() && !lead.isAsked()) {
                    receiveOneInBackground();
                }
            } catch (InterruptedException _) {
                // asked for the lead, or by a future's dependent: nothing to end for
            } finally {
                lead.releaseIfMine();
            }
        }
    }

    private void receiveOneInBackground() throws InterruptedException {
        Reply<R> reply = null;
        try {
            if (lead.beginReceiving()) {
                reply = ends.receive();
            }
        } catch (RuntimeException failure) {
            boolean _ = failed(failure);
        } catch (Error failure) {
            failAll(unreadable(failure));
        } finally {
            lead.endReceiving();
        }
        if (reply != null) {
            deliver(reply);
        }
    }

    private static CodecFailed unreadable(Error failure) {
        return new CodecFailed("a reply could not be read: " + failure, failure);
    }

    /// Fails all calls and closes both ends; a thread that receives is woken.
    void close() {
        EndClosed closed = new EndClosed("this caller was closed");
        RuntimeException reason = table.end(closed); // first: no call is opened that would not fail
        lastFailure = reason; // before the look for calls: see asked
        Queue<OpenCall<R>> calls = table.takeAll(); // before a thread that receives finds the close
        try {
            failWaiting(calls, reason); // first: the close of the ends may take long
            ends.close();
        } finally {
            lead.end();
            fail(calls, reason, true);
        }
    }
}
