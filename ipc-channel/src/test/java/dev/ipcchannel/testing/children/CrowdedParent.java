package dev.ipcchannel.testing.children;

import dev.ipcchannel.ResourceExhausted;
import dev.ipcchannel.child.ChildJvm;
import dev.ipcchannel.child.Output;
import java.util.concurrent.CountDownLatch;

/// A parent that starts all the threads that it may, then a child, and prints the result and the
/// state of the process.
public final class CrowdedParent {

    private CrowdedParent() {}

    public static void main(String[] arguments) {
        ChildJvm command = ChildJvm.ofCommand("sleep", "1000").output(Output.capture())
                .errors(Output.capture());
        command.start().kill(); // loads what the JDK needs
        CountDownLatch end = new CountDownLatch(1);
        try {
            while (true) {
                Thread.ofPlatform().daemon().start(() -> await(end));
            }
        } catch (OutOfMemoryError _) {
            // That was the last one.
        }
        String said = start(command);
        end.countDown();
        while (ProcessHandle.current().children().findAny().isPresent()) {
            Thread.onSpinWait(); // a child that was not killed is there for long
        }
        System.out.println(said);
    }

    private static String start(ChildJvm child) {
        try {
            return "started " + child.start();
        } catch (ResourceExhausted failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
