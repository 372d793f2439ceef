package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.NewerChild;
import dev.ipcchannel.testing.children.TypeFault;
import dev.ipcchannel.testing.children.WrongBytesChild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Children whose bytes, or whose types, are not those of the channel.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTypesIT {

    /// The parent's type of an order.
    record Order(int id, long price) {}

    /// The parent's type of a message with a receiver of orders.
    record Book(Receiver<Order> orders) {}

    @RegisterExtension
    final Children children = new Children();

    @Test
    void bytesThatAreNoMessageAreACodecFailureAndTheChannelGoesOn() throws Exception {
        try (OneShotServer<WrongBytesChild.Belt> server =
                OneShotServer.open(WrongBytesChild.Belt.class)) {
            ChildJvm child = children.start(WrongBytesChild.class, server.name());
            try (Receiver<WrongBytesChild.Parcel> parcels =
                    server.accept(child.process(), Children.PATIENCE).parcels()) {
                for (TypeFault fault : TypeFault.values()) {
                    assertThatThrownBy(() -> parcels.receive(Children.PATIENCE)).as("%s", fault)
                            .isInstanceOf(CodecFailed.class);
                    assertThat(parcels.receive(Children.PATIENCE)).as("after %s", fault)
                            .isEqualTo(WrongBytesChild.good(fault));
                }
                assertThatThrownBy(() -> parcels.receive(Children.PATIENCE))
                        .isInstanceOf(Disconnected.class);
            }
            child.awaitExit(0);
        }
    }

    @Test
    void firstMessageOfATypeWithOtherComponentsIsRefusedByTheirNames() throws Exception {
        try (OneShotServer<Order> server = OneShotServer.open(Order.class)) {
            ChildJvm child = children.start(NewerChild.class, server.name(), "order");

            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageContaining("Order.price: long here, double there")
                    .hasMessageContaining("Order.note: only there");

            child.awaitExit(0);
        }
    }

    @Test
    void endInAMessageOfATypeWithOtherComponentsIsRefusedByTheirNames() throws Exception {
        try (OneShotServer<Book> server = OneShotServer.open(Book.class)) {
            ChildJvm child = children.start(NewerChild.class, server.name(), "book");

            assertThatThrownBy(() -> server.accept(child.process(), Children.PATIENCE))
                    .isInstanceOf(TypeMismatch.class)
                    .hasMessageMatching("the two sides of the (sender|receiver) Book\\.\\w+ inside"
                            + " a message \\(.*pid=" + child.process().pid() + "\\) differ in.*")
                    .hasMessageContaining("Order.price: long here, double there")
                    .hasMessageContaining("Order.note: only there");

            child.awaitExit(0);
        }
    }
}
