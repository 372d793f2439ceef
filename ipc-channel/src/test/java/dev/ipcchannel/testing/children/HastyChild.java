package dev.ipcchannel.testing.children;

import dev.ipcchannel.Duplex;

/// A child that connects, sends and exits at once, without closing anything.
public final class HastyChild {

    /// How many messages it sends.
    public static final int COUNT = 100;

    private HastyChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Duplex<String, String> parent = Talker.connect(arguments);
        for (int i = 0; i < COUNT; i++) {
            parent.send("message " + i);
        }
        Runtime.getRuntime().halt(0);
    }
}
