package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import java.util.concurrent.CountDownLatch;

/// A child with another type than its parent's, or, with an argument, one that never connects.
public final class MistakenChild {

    private MistakenChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 0) {
            System.err.println("waiting for nothing");
            new CountDownLatch(1).await();
        }
        try (Link<Integer, String> parent = ChildJvm.parent(Integer.class, String.class)) {
            parent.receive();
        }
    }
}
