package dev.ipcchannel.testing.children;

import dev.ipcchannel.Disconnected;
import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;

/// A child that sends back to its parent whatever comes, until nothing more can come; then says
/// why.
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
