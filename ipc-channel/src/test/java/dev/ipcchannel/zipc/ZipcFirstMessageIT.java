package dev.ipcchannel.zipc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.request.MethodEntryRequest;
import dev.ipcchannel.testing.ChildJvm;
import dev.ipcchannel.testing.Children;
import dev.ipcchannel.testing.children.ZipcChild;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The first message of a new sender, between two steps of a waiting receiver that the JDK's
/// debugger stops there.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZipcFirstMessageIT {

    private static final String AFTER_THE_FLAG = "checkUnused"; // called when none was found

    // Longer than a test waits for an answer, since a wait whose time is over looks once more and
    // finds the message.
    private static final Duration LONGER = Children.PATIENCE.multipliedBy(10);

    @RegisterExtension
    final OwnQueue queue = OwnQueue.make();
    @RegisterExtension
    final Children children = new Children();

    @Test
    void firstMessageAfterAReceiversLookForTheFlagEndsItsWait() throws Exception {
        ListeningConnector debugger =
                Bootstrap.virtualMachineManager().listeningConnectors().stream()
                        .filter(each -> each.transport().name().equals("dt_socket")).findFirst()
                        .orElseThrow();
        Map<String, Connector.Argument> arguments = debugger.defaultArguments();
        Objects.requireNonNull(arguments.get("localAddress")).setValue("127.0.0.1");
        String address = debugger.startListening(arguments);
        ChildJvm child = children.command().piped()
                .flags("-agentlib:jdwp=transport=dt_socket,suspend=y,address=" + address)
                .start(ZipcChild.class);
        child.order("receiver " + queue.name());
        child.order("receive " + LONGER.toMillis());
        VirtualMachine machine = debugger.accept(arguments);
        debugger.stopListening(arguments);

        MethodEntryRequest calls = machine.eventRequestManager().createMethodEntryRequest();
        calls.addClassFilter(ZipcQueue.class.getName());
        calls.enable();
        EventSet stop = stopIn(machine, AFTER_THE_FLAG);
        try (ZipcSender sender =
                ZipcSender.open(queue.name(), ZipcChild.SLOTS, ZipcChild.LENGTH)) {
            assertThat(sender.send(ZipcChild.numbered(7))).isTrue();
        }
        calls.disable();
        stop.resume();
        assertThat(child.answer()).isEqualTo("up");
        assertThat(child.answer()).isEqualTo("opened");
        assertThat(child.answer()).isEqualTo("7");
        machine.dispose();
        child.end();
    }

    /// Lets the process run until it calls that method.
    private static EventSet stopIn(VirtualMachine machine, String method)
            throws InterruptedException {
        while (true) {
            EventSet events = machine.eventQueue().remove();
            if (events.stream().anyMatch(event -> event instanceof MethodEntryEvent call
                    && call.method().name().equals(method))) {
                return events;
            }
            events.resume();
        }
    }
}
