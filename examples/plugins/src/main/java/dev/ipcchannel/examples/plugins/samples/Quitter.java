package dev.ipcchannel.examples.plugins.samples;

import dev.ipcchannel.examples.plugins.Plugin;

/// Ends the JVM that it runs in.
public final class Quitter implements Plugin {

    @Override
    public String run(String input) {
        System.exit(3);
        return "never said";
    }
}
