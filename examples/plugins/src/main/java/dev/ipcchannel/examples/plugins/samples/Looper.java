package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// A plugin that never ends, and ignores interrupts.
public final class Looper implements Plugin {

    @Override
    public String run(String input) {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
