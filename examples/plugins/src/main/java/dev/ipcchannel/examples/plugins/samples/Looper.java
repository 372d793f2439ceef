package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// Never ends, and hears no interrupt.
public final class Looper implements Plugin {

    @Override
    public String run(String input) {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
