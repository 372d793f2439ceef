package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// A plugin that ends its JVM.
public final class Quitter implements Plugin {

    @Override
    public String run(String input) {
        System.exit(3);
        return "never said";
    }
}
