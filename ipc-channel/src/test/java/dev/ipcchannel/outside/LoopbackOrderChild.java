package dev.ipcchannel.outside;

import dev.ipcchannel.testing.children.OrderChild;

/// A worker that is reached by a transport of its own, and whose answers its host may not take.
final class LoopbackOrderChild {

    private LoopbackOrderChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        OrderChild.serve(new LoopbackTransport());
    }
}
