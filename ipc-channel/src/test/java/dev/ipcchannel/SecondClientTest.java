package dev.ipcchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ipcchannel.testing.Children;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A one-shot server accepts one client: another one hears that it is not accepted.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecondClientTest {

    @RegisterExtension
    final Children children = new Children();

    @Test
    void clientThatConnectedBeforeTheFirstWasAcceptedHearsItWithItsFirstMessage()
            throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThat(second.isConnected()).isFalse();
            assertThatThrownBy(() -> second.send("second")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("this client was not accepted: ")
                    .hasMessageContaining(server.name());
            assertThatThrownBy(() -> second.trySend("again")).isInstanceOf(Disconnected.class);
        }
    }

    @Test
    void clientWhoseMessageIsLostHearsItWithTheNextVerb() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class);
                Sender<String> second = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            second.send("second");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThat(second.isConnected()).isFalse();
            assertThatThrownBy(() -> second.send("again")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("this client was not accepted, and its message is lost");
        }
    }

    @Test
    void clientThatConnectsAfterTheFirstWasAcceptedIsRefused() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThatThrownBy(() -> OneShotServer.connect(server.name(), String.class))
                    .isInstanceOf(Disconnected.class)
                    .hasMessageContaining("it has accepted somebody else");
        }
    }

    @Test
    void clientThatWasAcceptedIsNotToldThatItWasNot() throws Exception {
        try (OneShotServer<String> server = OneShotServer.open(String.class);
                Sender<String> first = OneShotServer.connect(server.name(), String.class)) {
            first.send("first");
            first.send("more");
            assertThat(server.accept(Children.PATIENCE)).isEqualTo("first");

            assertThatThrownBy(() -> first.send("even more")).isInstanceOf(Disconnected.class)
                    .hasMessageContaining("the receiver was closed");
        }
    }
}
