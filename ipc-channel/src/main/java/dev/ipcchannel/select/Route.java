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

/// A connection of one receiver to a handler, see [Router]. Any thread may use it.
public final class Route implements AutoCloseable {

    private final Router router;
    private final Receiver<Object> receiver;
    private final boolean isOnce;
    private volatile @Nullable RouteHandler<Object> handler; // null when it is no longer needed
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    // Events found and not yet handed on. The thread that polls an event is responsible for it.
    private final Queue<ReceiverEvent<Object>> found = new ConcurrentLinkedQueue<>();

    private enum State {
        OPEN, OVER, WITHDRAWN
    }

    /// @param isOnce whether the handler is for the first message only
    Route(Router router, Receiver<Object> receiver, RouteHandler<Object> handler, boolean isOnce) {
        this.router = router;
        this.receiver = receiver;
        this.handler = handler;
        this.isOnce = isOnce;
    }

    Receiver<Object> receiver() {
        return receiver;
    }

    /// Whether messages are still handed on.
    public boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /// Adds events that a selection has found. [#deliver] follows.
    void add(List<ReceiverEvent<Object>> events) {
        found.addAll(events);
        if (!isOpen()) { // the ending thread may have looked before
            dropFound();
        }
    }

    /// Hands on the events, in order.
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
                if (current == null) { // its one message was handled, or it just ended
                    EndAccess.drop(receiver, message);
                    return;
                }
                if (isOnce) {
                    handler = null; // before the call: it is for one message, even if it throws
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
            return; // its one message was handled
        }
        try {
            call.accept(to);
        } catch (Throwable failure) { // an Error as well: other routes must not suffer from it
            Log.warning("the handler of a route threw an exception; the route goes on", failure);
        }
    }

    /// Ends the route from the router's side: closes the receiver, releases the handler, and closes
    /// the ends in messages that are not handled.
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

    @SuppressWarnings("unchecked") // the message is of its receiver's type
    static void drop(ReceiverEvent<Object> event) {
        if (event instanceof ReceiverEvent.Message(Receiver<?> from, Object message)) {
            EndAccess.drop((Receiver<Object>) from, message);
        }
    }

    /// Undoes the creation of the route: the receiver is left to its owner.
    ///
    /// @return false if the route was in use and has ended meanwhile
    boolean withdraw() {
        return state.compareAndSet(State.OPEN, State.WITHDRAWN);
    }

    /// Ends the route: closes its receiver, which senders notice, and releases the handler. A
    /// handler that runs in another thread may still run afterwards, but no call of it starts. The
    /// ends in messages not handled are closed. The second and later closes do nothing.
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
