package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.child.ChildJvm;

/// A child that sends a message, and then prints the failure after its parent's end.
public final class EndReportingChild {

    private EndReportingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (var parent = ChildJvm.parent(String.class, String.class)) {
            parent.send("here");
            while (true) {
                String _ = parent.receive();
            }
        } catch (Disconnected end) {
            System.out.println(end.getMessage());
        }
    }
}
