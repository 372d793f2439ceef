package dev.ipcchannel.testkit;

import dev.ipcchannel.transport.Transport;
import org.junit.jupiter.api.Timeout;

/// The promises of a [Transport], its listeners and its links, as tests. A transport that passes
/// them can carry the conversations of children and the jobs of workers.
///
/// ```java
/// class MyTransportIT extends TransportContract {
///
///     @Override
///     public Transport transport() {
///         return new MyTransport();
///     }
/// }
/// ```
///
/// Most tests have both sides in one JVM. Some start a child, which makes a second instance of this
/// class by its constructor without parameters and asks it for the transport. A test that does not
/// apply counts as skipped: for example, where no message is too long.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract
        implements ListenerTests, MessageTests, RoomTests, EndTests, ChildTests, ResourceTests {

    /// For subclasses.
    protected TransportContract() {}

    /// The transport to be tested, with the same options each time.
    @Override
    public abstract Transport transport();

    /// Behaves at a listener's address like a stranger: for example, connects and sends bytes that
    /// this transport never sends, or sends nothing. By default connects with other message types.
    ///
    /// @param address of a listener on which a thread waits
    @Override
    public void intrude(String address) throws Exception {
        ListenerTests.super.intrude(address);
    }
}
