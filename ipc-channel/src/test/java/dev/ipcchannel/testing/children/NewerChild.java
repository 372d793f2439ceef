package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.OneShotServer;
import dev.ipcchannel.Receiver;
import dev.ipcchannel.Sender;

/// A child that has a type of the same name as its parent, with other components: as if one of the
/// two had been built from newer sources.
public final class NewerChild {

    /// The child's type of an order.
    ///
    /// @param id as with the parent
    /// @param price the parent's is a `long`
    /// @param note the parent has none
    public record Order(int id, double price, String note) {}

    /// The message that it sends if the second argument says so.
    ///
    /// @param orders of a type that is not the parent's
    public record Book(Receiver<Order> orders) {}

    private NewerChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[1].equals("order")) {
            try (Sender<Order> parent = OneShotServer.connect(arguments[0], Order.class)) {
                parent.send(new Order(1, 9.5, "new"));
            }
            return;
        }
        try (Channel<Order> orders = Channel.create(Order.class);
                Sender<Book> parent = OneShotServer.connect(arguments[0], Book.class)) {
            orders.sender().send(new Order(1, 9.5, "new"));
            parent.send(new Book(orders.receiver()));
        }
    }
}
