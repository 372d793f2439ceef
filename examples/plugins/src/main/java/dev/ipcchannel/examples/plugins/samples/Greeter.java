package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// A plugin that works.
public final class Greeter implements Plugin {

    @Override
    public String run(String input) {
        return "Hello, " + input + "!";
    }
}
