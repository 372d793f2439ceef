package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;

/// A child that sends all messages back to its parent until none can come any more, then prints the
/// reason.
public final class UnixEchoChild {

    private UnixEchoChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Link<String, String> parent = ChildJvm.parent(String.class, String.class)) {
            while (true) {
                parent.send(parent.receive());
            }
        } catch (Disconnected end) {
            System.out.println("the end: " + end.getMessage());
        }
    }
}
