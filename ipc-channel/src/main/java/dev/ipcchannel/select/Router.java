package dev.ipcchannel.select;

import dev.ipcchannel.EndClosed;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A loop that calls handlers with the messages of many receivers, on its own thread or by an
/// executor.
///
/// ```java
/// try (Router router = Router.open()) {
///     router.route(orders, order -> book(order));
///     router.route(prices, price -> show(price), end -> log("no more prices: " + end));
///     ...
/// }
/// ```
///
/// From [#route] on, a receiver belongs to the router, which closes it with the route: when no
/// sender is left, by [Route#close], or with the router. Messages sent before are handed on as
/// well. The messages of one receiver are handled in order, one at a time.
///
/// Without an executor, all handlers run on one daemon thread. A handler that blocks delays all
/// others, and one that sends to its own channel must not fill it, since no thread receives
/// meanwhile. With an executor, each route waits for its own handler only. While that runs, at most
/// 64 messages or 256 KiB are queued for it; later messages remain in their ring.
///
/// Any thread may use a router, handlers as well. It works until it is closed: its thread keeps it
/// reachable, so it is never found forgotten.
public final class Router implements AutoCloseable {

    private final ReceiverSet<Object> set;
    private final Map<Receiver<?>, Route> routes = new ConcurrentHashMap<>();
    private final @Nullable Executor executor;
    private final Thread thread;
    private volatile boolean isClosed;

    private Router(@Nullable Executor executor) {
        this.executor = executor;
        this.thread = Thread.ofPlatform().daemon().name("ipc-channel router").unstarted(this::run);
        this.set = ReceiverSet.open(); // last: nothing after it can fail
    }

    /// A router whose handlers run on its own daemon thread.
    ///
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    public static Router open() {
        return started(new Router(null));
    }

    /// A router whose handlers run by `executor`. If the executor refuses a task, the handler runs
    /// on the router's own thread, with a warning. The executor is not closed with the router.
    ///
    /// @throws dev.ipcchannel.ResourceExhausted if descriptors have run out
    /// @throws dev.ipcchannel.UnsupportedPlatform if the library cannot run in this JVM
    public static Router open(Executor executor) {
        return started(new Router(Argument.given(executor, "executor")));
    }

    private static Router started(Router router) {
        boolean isStarted = false;
        try {
            router.thread.start();
            isStarted = true;
            return router;
        } finally {
            if (!isStarted) {
                router.set.close();
            }
        }
    }

    /// Adds a route that hands each message to `handler`.
    ///
    /// @throws EndClosed if the receiver or this router is closed; the receiver is left to the
    /// caller
    /// @throws IllegalStateException if the receiver is in use or in a set; it is left to the
    /// caller
    public <T> Route route(Receiver<T> receiver, RouteHandler<? super T> handler) {
        return add(receiver, handler, false);
    }

    /// Adds a route that hands each message to `handler`, and the end of the channel to `onEnd`.
    /// Throws what [#route(Receiver, RouteHandler)] throws.
    public <T> Route route(Receiver<T> receiver, RouteHandler<? super T> handler,
            Consumer<? super IpcException> onEnd) {
        Argument.given(handler, "handler");
        Argument.given(onEnd, "onEnd");
        return add(receiver, new RouteHandler<T>() {

            @Override
            public void onMessage(T message) {
                handler.onMessage(message);
            }

            @Override
            public void onFailure(RuntimeException failure) {
                handler.onFailure(failure);
            }

            @Override
            public void onEnd(IpcException cause) {
                onEnd.accept(cause);
            }
        }, false);
    }

    /// Adds a route that hands the first message to `handler` and then releases that. Later
    /// messages are received and dropped, and the ends in them closed, so that senders can go on.
    /// Throws what [#route(Receiver, RouteHandler)] throws.
    public <T> Route routeOnce(Receiver<T> receiver, RouteHandler<? super T> handler) {
        return add(receiver, handler, true);
    }

    @SuppressWarnings("unchecked") // the handler gets what its receiver receives
    private <T> Route add(Receiver<T> receiver, RouteHandler<? super T> handler, boolean isOnce) {
        Argument.given(receiver, "receiver");
        Argument.given(handler, "handler");
        Route route = new Route(this, (Receiver<Object>) receiver, (RouteHandler<Object>) handler,
                isOnce);
        if (routes.putIfAbsent(receiver, route) != null) {
            throw new IllegalStateException("this receiver has a route already: " + receiver);
        }
        try {
            set.add(receiver);
            return route;
        } catch (RuntimeException failure) {
            routes.remove(receiver, route);
            if (!route.withdraw()) {
                return route; // it was in use, and has ended with this router
            }
            throw isClosed ? new EndClosed("this router was closed") : failure;
        }
    }

    /// Removes a route that has ended.
    void forget(Route route) {
        routes.remove(route.receiver(), route);
        set.remove(route.receiver());
    }

    private void run() {
        while (!isClosed) {
            try {
                handOn(set.select());
            } catch (EndClosed | InterruptedException _) {
                // Closed, or a handler has left the interrupt flag set.
            } catch (RuntimeException failure) {
                Log.error("a router met an unexpected failure, and goes on", failure);
            }
        }
    }

    private void handOn(List<ReceiverEvent<Object>> events) {
        Map<Receiver<?>, List<ReceiverEvent<Object>>> batches = new LinkedHashMap<>();
        for (ReceiverEvent<Object> event : events) {
            batches.computeIfAbsent(event.receiver(), _ -> new ArrayList<>()).add(event);
        }
        batches.forEach(this::handOn);
    }

    private void handOn(Receiver<?> receiver, List<ReceiverEvent<Object>> batch) {
        Route route = routes.get(receiver);
        if (route == null) { // closed meanwhile
            batch.forEach(Route::drop);
            return;
        }
        route.add(batch);
        Executor elsewhere = executor;
        if (elsewhere == null) {
            deliver(route);
            return;
        }
        set.remove(receiver); // until the batch is done: one batch at a time
        try {
            elsewhere.execute(() -> {
                deliver(route);
                comeBack(route);
            });
        } catch (RuntimeException | Error refused) { // an Error if no thread can be made
            Log.warning("the executor of a router refused a handler, which runs on the router's"
                    + " thread: close the router first", refused);
            deliver(route);
            comeBack(route);
        }
    }

    private void deliver(Route route) {
        route.deliver();
        if (!route.isOpen()) {
            forget(route);
        }
    }

    private void comeBack(Route route) {
        if (!route.isOpen()) {
            return;
        }
        try {
            set.add(route.receiver());
        } catch (EndClosed _) {
            route.close(); // its receiver or the router was closed
        } catch (RuntimeException failure) {
            Log.error("a route cannot go on and is closed", failure);
            route.close();
        }
    }

    /// The number of routes.
    public int count() {
        return routes.size();
    }

    /// Ends every route: closes the receivers and releases the handlers. Interrupts a handler that
    /// runs on the router's own thread and waits for it, unless that handler itself calls this.
    /// Handlers in an executor may still run afterwards, but no call of one starts. The ends in
    /// messages not handled are closed. The second and later closes do nothing.
    @Override
    public void close() {
        isClosed = true;
        try {
            endAll();
        } finally {
            closeSet();
        }
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        boolean isInterrupted = false;
        thread.interrupt();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeSet() {
        try {
            set.close();
        } finally {
            endAll(); // a route may have been added in between
        }
    }

    private void endAll() {
        routes.forEach((receiver, route) -> {
            route.end();
            routes.remove(receiver, route);
        });
    }

    @Override
    public String toString() {
        return "Router[%s, routes=%d]".formatted(isClosed ? "closed" : "open", count());
    }
}
