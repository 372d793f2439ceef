package dev.ipcchannel;

import dev.ipcchannel.internal.base.Log;
import java.util.List;
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

    /// Hands on what a selection has found, in order.
    void deliver(List<ReceiverEvent<Object>> events) {
        for (ReceiverEvent<Object> event : events) {
            if (!isOpen()) {
                return;
            }
            deliver(event);
        }
    }

    private void deliver(ReceiverEvent<Object> event) {
        RouteHandler<Object> current = handler;
        switch (event) {
            case ReceiverEvent.Message(_, Object message) -> {
                if (isOnce) {
                    handler = null; // before the call: it is for one message, whatever comes of it
                }
                call(current, to -> to.onMessage(message));
            }
            case ReceiverEvent.Failed(_, RuntimeException failure) ->
                    call(current, to -> to.onFailure(failure));
            case ReceiverEvent.Closed(_, IpcException cause) -> {
                end();
                if (cause instanceof Disconnected) {
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

    /// Ends the route from the router's side: closes the receiver and lets the handler go.
    void end() {
        state.compareAndSet(State.OPEN, State.OVER);
        if (state.get() == State.OVER) {
            handler = null;
            receiver.close();
        }
    }

    /// Has never been a route: the receiver stays its owner's.
    ///
    /// @return false if it has been one and ended meanwhile
    boolean withdraw() {
        return state.compareAndSet(State.OPEN, State.WITHDRAWN);
    }

    /// Ends the route: its receiver is closed, so that senders learn of it, and the handler let go. A
    /// handler that runs meanwhile in another thread may still run afterwards; none starts. The
    /// second and later closes do nothing.
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
