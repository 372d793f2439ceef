package dev.ipcchannel.testing.children;

import dev.ipcchannel.transport.Transport;
import dev.ipcchannel.worker.JobContext;
import dev.ipcchannel.worker.Worker;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A worker whose answers its host may refuse.
public final class OrderChild {

    /// The job that is answered by an order that the host refuses.
    public static final int ANSWERS_TOO_MUCH = 100;
    /// The same, in a part; then parts until the job is cancelled.
    public static final int SENDS_TOO_MUCH = 101;

    private OrderChild() {}

    /// Works until the host is gone.
    public static void main(String[] arguments) throws InterruptedException {
        Worker.serve(Order.class, Order.class, OrderChild::work);
    }

    /// The same over a given transport.
    public static void serve(Transport transport) throws InterruptedException {
        try (Worker<Order, Order> worker =
                Worker.connect(transport, Order.class, Order.class)) {
            worker.serve(OrderChild::work);
        }
    }

    private static @Nullable Order work(Order order, JobContext<Order> job)
            throws InterruptedException {
        return switch (order.n()) {
            case ANSWERS_TOO_MUCH -> new Order(Order.TOO_MANY);
            case SENDS_TOO_MUCH -> {
                job.part(order);
                job.part(new Order(Order.TOO_MANY));
                try {
                    while (true) {
                        job.part(order);
                    }
                } catch (CancellationException | InterruptedException _) {
                    yield null;
                }
            }
            default -> order;
        };
    }
}
