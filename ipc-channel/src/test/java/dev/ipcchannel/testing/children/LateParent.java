package dev.ipcchannel.testing.children;

import dev.ipcchannel.ChildFailed;
import dev.ipcchannel.worker.ChildJvm;
import dev.ipcchannel.worker.ChildProcess;
import dev.ipcchannel.worker.Output;

/// Starts one more child when its first one has been asked to end, since this JVM goes down, and
/// says what becomes of that.
public final class LateParent {

    private static final ChildJvm CHILD = ChildJvm.ofCommand("sleep", "1000")
            .output(Output.capture()).errors(Output.capture());

    private LateParent() {}

    public static void main(String[] arguments) {
        ChildProcess child = CHILD.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> startAfter(child)));
    }

    private static void startAfter(ChildProcess child) {
        ChildProcess _ = child.onExit().join();
        try {
            System.out.println("started " + CHILD.start().pid());
        } catch (ChildFailed told) {
            System.out.println(told.getMessage());
        }
    }
}
