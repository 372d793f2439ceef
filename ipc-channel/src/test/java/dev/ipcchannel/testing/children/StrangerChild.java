package dev.ipcchannel.testing.children;

import dev.ipcchannel.testing.Wire;
import java.io.IOException;

/// A child that connects once for each strangeness in its arguments, prints "shown", and waits.
public final class StrangerChild {

    private StrangerChild() {}

    public static void main(String[] arguments) throws IOException {
        for (int i = 1; i < arguments.length; i++) {
            Strangeness.valueOf(arguments[i]).show(Wire.connect(arguments[0]));
        }
        System.out.println("shown");
        Talker.awaitCue();
    }
}
