package dev.ipcchannel.testkit;

import dev.ipcchannel.transport.Transport;
import org.junit.jupiter.api.Timeout;

/// The promises of a [Transport], its listeners and its links, as tests. What passes them carries
/// the conversations of children and the jobs of workers.
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
/// Most tests have both sides in one JVM. Some start a child, which makes this class anew by its
/// constructor without parameters, and asks it for the transport. A test that does not apply, as
/// where no message can be too long to be made, counts as skipped.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract
        implements ListenerTests, MessageTests, RoomTests, EndTests, ChildTests, ResourceTests {

    /// For subclasses.
    protected TransportContract() {}

    /// The transport to be tested, with the same options each time.
    @Override
    public abstract Transport transport();

    /// Behaves at a listener's address like a stranger: connects and sends what no process of one's
    /// own sends, say, or nothing. By default one connects that means other types.
    ///
    /// @param address of a listener that is waited on
    @Override
    public void intrude(String address) throws Exception {
        ListenerTests.super.intrude(address);
    }
}
