package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;

/// A child that connects, sends a given number of long messages, and exits at once, with or without
/// a close.
public final class UnixLeavingChild {

    /// Bytes of each message: far more than a socket holds.
    public static final int LENGTH = 5 << 20;

    private UnixLeavingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Link<byte[], byte[]> parent = ChildJvm.parent(byte[].class, byte[].class);
        for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
            parent.send(new byte[LENGTH]);
        }
        if (Boolean.parseBoolean(arguments[1])) {
            parent.close();
        }
        System.exit(7);
    }
}
