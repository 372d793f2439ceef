package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.IpcException;
import java.time.Duration;

/// A child that sends senders, which are not received, until it may not, and prints the failure.
public final class InFlightChild {

    private InFlightChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Channel<String> work = Channel.create(String.class);
                Channel<Handover> handovers = Channel.create(Handover.class)) {
            while (true) {
                handovers.sender().send(new Handover(work.sender().share()),
                        Duration.ofMillis(100));
            }
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
