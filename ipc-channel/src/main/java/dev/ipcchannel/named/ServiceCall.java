package dev.ipcchannel.named;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.NoReceiver;
import dev.ipcchannel.ProtocolViolation;
import dev.ipcchannel.TimedOut;
import dev.ipcchannel.call.Caller;
import dev.ipcchannel.call.ContextCarrier;
import dev.ipcchannel.call.Parts;
import dev.ipcchannel.internal.base.AllSteps;
import dev.ipcchannel.internal.base.Deadline;
import dev.ipcchannel.internal.base.Headers;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.base.ShownTime;
import dev.ipcchannel.internal.meet.Member;
import java.lang.ref.Cleaner.Cleanable;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A call of a service: one question, given to one server. It is given to another server, once, if
/// the first is gone and had not begun it, or if the question may be answered twice.
///
/// One thread at a time asks and takes parts; any thread may close.
///
/// @param <Q> the type of the questions
/// @param <R> the type of the answers
final class ServiceCall<Q, R> implements Parts<R> {

    private static final int MAX_MOVES = 1;

    /// The settings of a caller for its calls.
    ///
    /// @param user referenced by all objects that can ask: when it is unreachable, the caller is
    /// forgotten
    /// @param member of the caller, for error texts
    /// @param isIdempotent whether questions may be answered twice
    /// @param isWaiting whether a call waits for a server
    /// @param context makes the headers of questions
    record Terms(Object user, Member member, boolean isIdempotent, boolean isWaiting,
            ContextCarrier context) {}

    /// A time limit.
    ///
    /// @param deadline the end of the time
    /// @param given the time as the user gave it
    record Limit(Deadline deadline, Duration given) {

        static final Limit NONE = new Limit(Deadline.NEVER, Duration.ZERO);

        Duration remaining() {
            return Duration.ofNanos(deadline.remainingNanos());
        }

        Duration noMoreThan(Duration most) {
            return deadline.remainingNanos() < most.toNanos() ? remaining() : most;
        }
    }

    private final CallerRole<Q, R> servers;
    private final Terms terms;
    private final Q question;
    private final Map<String, String> headers;
    private final InHands<Q, R> inHands;
    private final AtomicReference<@Nullable Thread> taker = new AtomicReference<>(); // of parts
    private volatile @Nullable Server<Q, R> asked; // the last one
    private volatile boolean isClosed;
    private volatile @Nullable Cleanable presence; // of parts returned to a user

    // Used by the thread that asks and takes parts.
    private int moves;
    private boolean hasBegun;
    private boolean isAnyTaken;

    ServiceCall(CallerRole<Q, R> servers, Terms terms, Q question) {
        this.servers = servers;
        this.terms = terms;
        this.question = question;
        this.headers = Headers.of(terms.context().headers()).values();
        this.inHands = new InHands<>(servers);
    }

    /// The resources of a call at a server, released when the call ends, is closed or is forgotten.
    private static final class InHands<Q, R> {

        private final CallerRole<Q, R> servers;
        private final AtomicReference<@Nullable Server<Q, R>> server = new AtomicReference<>();
        private volatile @Nullable Parts<ServerMessage<R>> parts; // of the last server

        InHands(CallerRole<Q, R> servers) {
            this.servers = servers;
        }

        boolean isReleased() {
            return server.get() == null;
        }

        void release() {
            Server<Q, R> last = server.getAndSet(null);
            if (last != null) {
                servers.release(last);
            }
        }

        void close() {
            Parts<ServerMessage<R>> current = parts;
            AllSteps.take(() -> {
                if (current != null) {
                    current.close();
                }
            }, this::release, servers::wake);
        }
    }

    /// Has this call closed if its user forgets it, since the handler and the server's close would
    /// wait for it.
    void watchForgotten() {
        InHands<Q, R> held = inHands;
        String name = terms.member().name();
        presence = EndAccess.whenForgotten(this, () -> "an answer in parts, name=" + name,
                held::isReleased, held::close);
    }

    /// Asks a server, and waits for one and for room to ask it.
    void ask(Limit limit) throws InterruptedException {
        boolean isAsked = false;
        while (!isAsked) {
            isAsked = asked(find(limit), limit);
        }
        if (isClosed) {
            close(); // the close may have missed this server
        }
    }

    /// @return false if that server is gone and did not get the question
    private boolean asked(Server<Q, R> next, Limit limit) throws InterruptedException {
        boolean isAsked = false;
        try {
            inHands.parts = begun(next, limit);
            asked = next;
            inHands.server.set(next);
            isAsked = true;
        } catch (Disconnected _) {
            servers.lose(next);
        } catch (TimedOut _) {
            throw late("there was no room for a question",
                    "it has not taken up what it was asked before:"
                            + " give the call more time, or have more servers",
                    next, limit);
        } finally {
            servers.asked(next);
            if (!isAsked) {
                servers.release(next);
            }
        }
        return isAsked;
    }

    /// Gives a server the question, and waits for room. After a long wait, the log gives the
    /// reason.
    private Parts<ServerMessage<R>> begun(Server<Q, R> next, Limit limit)
            throws InterruptedException {
        try {
            return caller(next).stream(question, limit.noMoreThan(Deadline.LONG_WAIT));
        } catch (TimedOut unfinished) {
            if (limit.deadline().isPast()) {
                throw unfinished;
            }
            String halted = servers.heartbeats().halted(next);
            Log.warning("a question waits for room at its server",
                    "name=%s, server %s, waited=%s: %s".formatted(terms.member().name(), next,
                            ShownTime.of(Deadline.LONG_WAIT), halted.isEmpty()
                                    ? "it has not taken up what it was asked before: see its log"
                                    : halted));
            return limit.deadline().isFinite()
                    ? caller(next).stream(question, limit.remaining())
                    : caller(next).stream(question);
        }
    }

    private Caller<Q, ServerMessage<R>> caller(Server<Q, R> server) {
        return headers.isEmpty() ? server.caller()
                : server.caller().withContext(ContextCarrier.of(headers));
    }

    private Server<Q, R> find(Limit limit) throws InterruptedException {
        Deadline first = terms.isWaiting() ? Deadline.after(Deadline.LONG_WAIT) : Deadline.NOW;
        Server<Q, R> found = servers.take(limit.deadline().earlier(first), this::isClosed);
        if (found == null && !terms.isWaiting()) {
            throw new NoReceiver("there is no server to ask, and nothing was asked: name=%s: %s"
                    .formatted(terms.member().name(), terms.member().whereabouts()));
        }
        if (found == null && !isClosed && !limit.deadline().isPast()) {
            terms.member().warnAlone();
            found = servers.take(limit.deadline(), this::isClosed);
        }
        if (isClosed) {
            if (found != null) {
                servers.asked(found);
                servers.release(found);
            }
            throw closed();
        }
        if (found == null) {
            throw new TimedOut(
                    "there was no server to ask within the time given: name=%s, timeout=%s: %s"
                            .formatted(terms.member().name(), ShownTime.of(limit.given()),
                                    terms.member().whereabouts()));
        }
        return found;
    }

    /// @param why the reason and the remedy, if the server has not halted
    private TimedOut late(String what, String why, @Nullable Server<Q, R> at, Limit limit) {
        String halted = at == null ? "" : servers.heartbeats().halted(at);
        return new TimedOut(
                "%s within the time given: name=%s, server %s, timeout=%s: %s".formatted(what,
                        terms.member().name(), at, ShownTime.of(limit.given()),
                        halted.isEmpty() ? why : halted));
    }

    private boolean isClosed() {
        return isClosed;
    }

    private EndClosed closed() {
        return new EndClosed("these parts were closed: name=%s: ask again"
                .formatted(terms.member().name()));
    }

    @Override
    public @Nullable R next() throws InterruptedException {
        return next(Limit.NONE);
    }

    @Override
    public @Nullable R next(Duration timeout) throws InterruptedException {
        return next(new Limit(Deadline.after(timeout), timeout));
    }

    /// The answer in one piece, which ends the call.
    R answer(Limit limit) throws InterruptedException {
        R answer = next(limit);
        if (answer == null) {
            throw new ProtocolViolation(
                    "the server ended a call without an answer: name=%s, server %s:"
                            .formatted(terms.member().name(), asked)
                            + " its handler has returned null: have it return an"
                            + " Optional, or a record with one, where there may be nothing");
        }
        boolean isAll = false;
        try {
            R more = next(limit);
            isAll = more == null;
            if (more != null) {
                drop(more);
                throw new ProtocolViolation("the server answers in parts, which only"
                        + " NamedCaller.stream takes: name=%s, server %s"
                                .formatted(terms.member().name(), asked));
            }
            return answer;
        } finally {
            if (!isAll) {
                drop(answer);
            }
        }
    }

    /// Closes the ends in an answer that is dropped.
    void drop(R answer) {
        Server<Q, R> last = asked;
        if (last != null) {
            last.caller().drop(new ServerMessage.Value<>(answer));
        }
    }

    private @Nullable R next(Limit limit) throws InterruptedException {
        Thread other = taker.compareAndExchange(null, Thread.currentThread());
        if (other != null) {
            throw new IllegalStateException(("another thread takes a part of this answer: name=%s,"
                    + " thread='%s': let that one return first").formatted(terms.member().name(),
                            other.getName()));
        }
        boolean isOver = true; // after any exception but that of an ended wait
        try {
            ServerMessage<R> part = take(limit);
            while (part instanceof ServerMessage.Begun<R>) {
                hasBegun = true;
                part = take(limit);
            }
            if (part instanceof ServerMessage.Value<R>(R value)) {
                isAnyTaken = true;
                isOver = false;
                return value;
            }
            return null;
        } catch (TimedOut | InterruptedException unfinished) {
            isOver = false;
            throw unfinished;
        } finally {
            if (isOver) {
                inHands.release();
            }
            taker.set(null);
            Reference.reachabilityFence(this); // parts at work are not forgotten
        }
    }

    /// The next message of the server, or of another server in its place.
    ///
    /// @return null if the answer is complete
    private @Nullable ServerMessage<R> take(Limit limit) throws InterruptedException {
        while (true) {
            Parts<ServerMessage<R>> current = inHands.parts;
            if (current == null) {
                askAgain(limit);
                continue;
            }
            try {
                return awaited(current, limit);
            } catch (Disconnected gone) {
                move(gone);
            } catch (TimedOut _) {
                throw hasBegun
                        ? late("no answer came, though the server has begun,",
                                "its handler takes longer: give the call more time", asked, limit)
                        : late("no answer came, and the server has not begun,",
                                "give the call more time, or have more servers", asked, limit);
            }
        }
    }

    /// The next message of the server. If the server has halted, logs that once.
    private @Nullable ServerMessage<R> awaited(Parts<ServerMessage<R>> current, Limit limit)
            throws InterruptedException {
        while (true) {
            Deadline look = limit.deadline().earlier(Deadline.after(Deadline.LONG_WAIT));
            try {
                return current.next(Duration.ofNanos(look.remainingNanos()));
            } catch (TimedOut unfinished) {
                if (limit.deadline().isPast()) {
                    throw unfinished;
                }
                warnHalted();
            }
        }
    }

    private void warnHalted() {
        Server<Q, R> last = asked;
        String halted = last == null ? "" : servers.heartbeats().unreportedHalt(last);
        if (!halted.isEmpty()) {
            Log.warning("a call waits for its server",
                    "name=%s, waited=%s: %s".formatted(terms.member().name(),
                            ShownTime.of(Deadline.LONG_WAIT), halted));
        }
    }

    /// Asks another server. The ends of channels in the question are gone with the first one.
    private void askAgain(Limit limit) throws InterruptedException {
        try {
            ask(limit);
        } catch (EndClosed moved) {
            if (isClosed || servers.isOver()) {
                throw moved;
            }
            throw new Disconnected(
                    ("the server of this call has gone, and with it the ends of channels"
                            + " in its question: name=%s, server %s: ask again with others")
                            .formatted(terms.member().name(), asked));
        }
    }

    /// Notes that the server is gone. If the call may go to another server, the next take asks it.
    private void move(Disconnected gone) {
        Server<Q, R> last = asked;
        inHands.release();
        if (last != null) {
            servers.lose(last);
        }
        if (isClosed) {
            throw closed();
        }
        boolean isUndone = !hasBegun || (terms.isIdempotent() && !isAnyTaken);
        if (!isUndone || moves == MAX_MOVES) {
            throw ended(gone);
        }
        moves++;
        hasBegun = false;
        inHands.parts = null;
    }

    private Disconnected ended(Disconnected gone) {
        String what = hasBegun ? "the server of this call has gone, and had begun it"
                : "the server of this call has gone before it had begun it, as had another one";
        String remedy = !hasBegun ? "ask again"
                : isAnyTaken ? "parts of its answer had been taken, so it is not asked again"
                        : terms.isIdempotent() ? "see why servers end with it"
                                : "ask again if that may be done twice, and ask such questions by"
                                        + " NamedCaller.idempotent()";
        return new Disconnected(
                "%s: name=%s, server %s: %s".formatted(what, terms.member().name(), asked,
                        remedy),
                gone.isDeath(), gone.report(), gone.getCause());
    }

    @Override
    public void close() {
        isClosed = true;
        inHands.close();
        Cleanable watched = presence;
        if (watched != null) {
            watched.clean();
        }
    }
}
