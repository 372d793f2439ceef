package dev.ipcchannel.testing.children;

import java.io.IOException;

/// A child that never connects. It prints one line and ends at its cue.
public final class SilentChild {

    private SilentChild() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("silent");
        Talker.awaitCue();
    }
}
