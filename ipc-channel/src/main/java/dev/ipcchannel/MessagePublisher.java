package dev.ipcchannel;

import dev.ipcchannel.internal.base.Argument;
import dev.ipcchannel.internal.base.Log;
import dev.ipcchannel.internal.wait.Owner;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A publisher of the messages of a receiver, for one subscriber at a time, by the rules of
/// Reactive Streams.
///
/// ```java
/// receiver.publisher().subscribe(subscriber); // which asks for as many as it can take
/// ```
///
/// @param <T> the type of the messages
final class MessagePublisher<T> implements Flow.Publisher<T> {

    private final Receiver<T> receiver;
    private final AtomicReference<@Nullable Subscription<T>> current =
            new AtomicReference<>();

    MessagePublisher(Receiver<T> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Argument.given(subscriber, "subscriber");
        Subscription<T> subscription =
                new Subscription<>(receiver, subscriber, this::free);
        if (current.compareAndSet(null, subscription)) {
            subscription.begin();
            return;
        }
        Subscription.refuse(subscriber, new IllegalStateException(
                "a receiver has one subscriber at a time: cancel the other one first: receiver="
                        + receiver));
    }

    private void free(Subscription<T> over) {
        current.compareAndSet(over, null);
    }

    /// The subscription of one subscriber. While there is demand, a virtual thread takes messages
    /// and hands them on, outside the receiver's guard. When no demand is left, the thread ends.
    ///
    /// Any thread may call [#request] and [#cancel]. All signals come from one thread at a time:
    /// first the subscribing thread, then the virtual thread.
    ///
    /// @param <T> the type of the messages
    static final class Subscription<T> implements Flow.Subscription {

        private final Owner owner = new Owner("a subscriber",
                "wait until it has what it asked for, or cancel its subscription first");
        private final EndableWait<T> wait;
        private final Flow.Subscriber<? super T> subscriber;
        private final Consumer<Subscription<T>> whenOver;
        private final Executor threads;

        // The following fields are guarded by this object's monitor.
        private long demand;
        private boolean isRunning = true; // a thread signals; initially the subscribing one
        private boolean isOver;
        private @Nullable IllegalArgumentException refusal; // of a demand that is not positive

        /// @param whenOver called once, before the last signal: another subscriber may come from
        /// then on
        Subscription(Receiver<T> receiver, Flow.Subscriber<? super T> subscriber,
                Consumer<Subscription<T>> whenOver) {
            this(receiver, subscriber, whenOver,
                    task -> Thread.ofVirtual().name("ipc-channel publisher").start(task));
        }

        /// @param threads runs a task, which signals, on a thread of its own
        Subscription(Receiver<T> receiver, Flow.Subscriber<? super T> subscriber,
                Consumer<Subscription<T>> whenOver, Executor threads) {
            this.threads = threads;
            this.wait = new EndableWait<>(receiver);
            this.subscriber = subscriber;
            this.whenOver = whenOver;
        }

        /// Signals to a subscriber that it cannot be one.
        static void refuse(Flow.Subscriber<?> subscriber, RuntimeException reason) {
            signal(() -> {
                subscriber.onSubscribe(new Flow.Subscription() { // rule 1.9: before all others
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {}
                });
                subscriber.onError(reason);
            });
        }

        /// Signals the subscription, then serves the subscriber's demand.
        void begin() {
            if (!signal(() -> subscriber.onSubscribe(this))) {
                cancel();
                return;
            }
            start();
        }

        private void start() {
            try {
                threads.execute(this::run);
            } catch (Throwable failure) { // no thread can be made, and so none signals
                wait.end(); // first: the receiver is to be free for the next subscriber
                fail(failure);
            }
        }

        @Override
        public void request(long n) {
            boolean isIdle;
            synchronized (this) {
                if (isOver) {
                    return; // rule 3.6
                }
                if (n <= 0) {
                    refusal = new IllegalArgumentException(
                            "demand must be positive (Reactive Streams, rule 3.9): n=" + n);
                } else {
                    if (demand == 0) { // no thread waits now: later is too late
                        wait.own(owner);
                    }
                    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n; // rule 3.17: no end
                }
                isIdle = !isRunning;
                isRunning = true;
            }
            if (n <= 0) {
                wait.end();
            }
            if (isIdle) {
                start();
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                wait.end();
                whenOver.accept(this); // after the wait: the next subscriber finds no thread inside
            }
        }

        /// Serves the demand until there is none.
        private void run() {
            while (isWanted()) {
                IllegalArgumentException refused = refusal();
                if (refused != null) {
                    fail(refused);
                } else {
                    serve();
                }
            }
        }

        private synchronized boolean isWanted() {
            isRunning = !isOver && (demand > 0 || refusal != null);
            return isRunning;
        }

        private synchronized @Nullable IllegalArgumentException refusal() {
            return refusal;
        }

        private void serve() {
            T message;
            try {
                message = wait.take();
            } catch (Disconnected _) {
                finish(subscriber::onComplete);
                return;
            } catch (Throwable failure) { // whatever it is, the subscriber gets it
                fail(failure);
                return;
            }
            if (message != null) { // else cancelled, or refused
                satisfyOne();
                if (!signal(() -> subscriber.onNext(message))) {
                    cancel(); // rule 2.13
                }
            }
        }

        private synchronized void satisfyOne() {
            if (demand < Long.MAX_VALUE) {
                demand--;
            }
        }

        private void fail(Throwable failure) {
            finish(() -> subscriber.onError(failure));
        }

        private void finish(Runnable lastSignal) {
            if (end()) {
                whenOver.accept(this);
                signal(lastSignal);
            }
        }

        /// @return whether this call has ended the subscription
        private synchronized boolean end() {
            boolean isFirst = !isOver;
            isOver = true;
            return isFirst;
        }

        /// @return false if the subscriber has thrown, which it must not
        private static boolean signal(Runnable signal) {
            try {
                signal.run();
                return true;
            } catch (Throwable failure) { // its error is not to become the receiver's
                Log.warning("a subscriber has thrown, and its subscription is over", failure);
                return false;
            }
        }
    }
}
