package dev.ipcchannel.testing.children;

import dev.ipcchannel.Link;
import dev.ipcchannel.child.ChildJvm;
import java.io.IOException;

/// A child that never receives, as if it were busy with the first message for ever; or that closes
/// its link and goes on.
public final class UnixBusyChild {

    private UnixBusyChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Link<String, String> parent = ChildJvm.parent(String.class, String.class);
        if (arguments[0].equals("closes")) {
            parent.close();
        }
        while (true) {
            Thread.onSpinWait(); // no call of the library's, and none that an interrupt would end
        }
    }
}
