package dev.ipcchannel.testing.children;

import dev.ipcchannel.Channel;
import dev.ipcchannel.IpcException;
import dev.ipcchannel.OneShotServer;

/// A child that tries to connect, or without an argument to make a channel, and prints the failure.
public final class RefusedChild {

    private RefusedChild() {}

    public static void main(String[] arguments) {
        try {
            if (arguments.length == 0) {
                Channel.create(String.class).close();
            } else {
                OneShotServer.connect(arguments[0], String.class).close();
            }
            System.out.println("nothing in the way");
        } catch (IpcException failure) {
            System.out.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
        }
    }
}
