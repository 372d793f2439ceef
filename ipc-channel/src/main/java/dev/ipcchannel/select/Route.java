package dev.ipcchannel.select;

import dev.ipcchannel.EndAccess;
import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.internal.base.Log;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The way of one receiver's messages to a handler, see [Router]. Any thread may use it.
public final class Route implements AutoCloseable {

    private final Router router;
    private final Receiver<Object> receiver;
    private final boolean isOnce;
    private volatile @Nullable RouteHandler<Object> handler; // released when it is of no more use
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    // What was found and has not been handed on. Who takes an event out sees to it.
    private final Queue<ReceiverEvent<Object>> found = new ConcurrentLinkedQueue<>();

    private enum State {
        OPEN, OVER, WITHDRAWN
    }

    /// @param isOnce whether the handler is for the first message alone
    Route(Router router, Receiver<Object> receiver, RouteHandler<Object> handler, boolean isOnce) {
        this.router = router;
        this.receiver = receiver;
        this.handler = handler;
        this.isOnce = isOnce;
    }

    Receiver<Object> receiver() {
        return receiver;
    }

    /// Whether messages still take this way.
    public boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /// Takes over what a selection has found; [#deliver] follows.
    void add(List<ReceiverEvent<Object>> events) {
        found.addAll(events);
        if (!isOpen()) { // who has ended it may have looked before
            dropFound();
        }
    }

    /// Hands on what was found, in order.
    void deliver() {
        for (ReceiverEvent<Object> event = found.poll(); event != null; event = found.poll()) {
            if (isOpen()) {
                deliver(event);
            } else {
                drop(event);
            }
        }
    }

    private void deliver(ReceiverEvent<Object> event) {
        RouteHandler<Object> current = handler;
        switch (event) {
            case ReceiverEvent.Message(_, Object message) -> {
                if (current == null) { // of a route for one message, which it has had; or just ended
                    EndAccess.drop(receiver, message);
                    return;
                }
                if (isOnce) {
                    handler = null; // before the call: it is for one message, whatever comes of it
                }
                call(current, to -> to.onMessage(message));
            }
            case ReceiverEvent.Failed(_, RuntimeException failure) ->
                    call(current, to -> to.onFailure(failure));
            case ReceiverEvent.Closed(_, IpcException cause) -> {
                end();
                if (!(cause instanceof EndClosed)) {
                    call(current, to -> to.onEnd(cause));
                }
            }
        }
    }

    private static void call(@Nullable RouteHandler<Object> to,
            Consumer<RouteHandler<Object>> call) {
        if (to == null) {
            return; // of a route for one message, which it has had
        }
        try {
            call.accept(to);
        } catch (Throwable failure) { // an Error as well: the other routes are not to pay for it
            Log.warning("the handler of a route threw an exception; the route goes on", failure);
        }
    }

    /// Ends the route from the router's side: closes the receiver and lets the handler go, and
    /// closes the ends in messages that no handler gets.
    void end() {
        state.compareAndSet(State.OPEN, State.OVER);
        if (state.get() == State.OVER) {
            handler = null;
            receiver.close();
            dropFound();
        }
    }

    private void dropFound() {
        for (ReceiverEvent<Object> event = found.poll(); event != null; event = found.poll()) {
            drop(event);
        }
    }

    @SuppressWarnings("unchecked") // the message is its receiver's
    static void drop(ReceiverEvent<Object> event) {
        if (event instanceof ReceiverEvent.Message(Receiver<?> from, Object message)) {
            EndAccess.drop((Receiver<Object>) from, message);
        }
    }

    /// Has never been a route: the receiver stays its owner's.
    ///
    /// @return false if it has been one and ended meanwhile
    boolean withdraw() {
        return state.compareAndSet(State.OPEN, State.WITHDRAWN);
    }

    /// Ends the route: its receiver is closed, so that senders learn of it, and the handler let go.
    /// A handler that runs meanwhile in another thread may still run afterwards; none starts, and
    /// ends in messages that none has got are closed. The second and later closes do nothing.
    @Override
    public void close() {
        end();
        router.forget(this);
    }

    @Override
    public String toString() {
        return "Route[%s, %s]".formatted(isOpen() ? "open" : "closed", receiver);
    }
}
