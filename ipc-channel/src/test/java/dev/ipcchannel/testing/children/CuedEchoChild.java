package dev.ipcchannel.testing.children;

import java.io.IOException;

/// A child that connects only after its cue, then echoes.
public final class CuedEchoChild {

    private CuedEchoChild() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Talker.awaitCue();
        EchoChild.main(arguments);
    }
}
