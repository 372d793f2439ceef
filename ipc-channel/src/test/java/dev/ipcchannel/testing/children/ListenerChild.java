package dev.ipcchannel.testing.children;

import dev.ipcchannel.internal.posix.Sockets;
import java.io.IOException;

/// A child that listens at a given path like a server, prints "listening", and waits.
public final class ListenerChild {

    private ListenerChild() {}

    public static void main(String[] arguments) throws IOException {
        Sockets.listen(arguments[0]);
        System.out.println("listening");
        Talker.awaitCue();
    }
}
